import { parseDuration } from '@warder/core'
import { loadAgentConfig } from '../../config/load.ts'
import { ask } from '../../control/ask.ts'
import { explain } from '../asking.ts'
import { check } from '../check.ts'
import type { Call } from '../command.ts'
import { CLIENT_HELP, FAIL2BAN_VERSION } from './help.ts'
import { Jails } from './jails.ts'
import { parseClientLine, type ClientLine } from './options.ts'
import { asker, Refused, type Said } from './said.ts'
import { carryOut } from './verbs.ts'

type Around = Omit<Call, 'words' | 'options'>

/** What fail2ban-client ends with when it did not do what was asked. */
const REFUSED = 255

/** Runs a command line of fail2ban-client, without the program's name → 0 or 255. */
export async function runClient(args: readonly string[], around: Around): Promise<number> {
  const line = parseClientLine(args)
  switch (line.kind) {
    case 'help':
      around.print(CLIENT_HELP)
      return 0
    case 'version':
      around.print(line.isShort ? `${FAIL2BAN_VERSION}\n` : `Fail2Ban v${FAIL2BAN_VERSION}\n`)
      return 0
    case 'refused':
      around.complain(`${line.message}\n${line.remedy}\n`)
      return REFUSED
    case 'duration':
      return duration(line.text, around)
    case 'test':
      return test(line.config, around)
    case 'command':
      return command(line, around)
  }
}

function duration(text: string, { print, complain }: Around): number {
  const seconds = parseDuration(text)
  if (seconds === null) complain(`${text}: not a duration\nWrite it like 600, 10m, 1h 30m, 2w.\n`)
  else print(`${seconds}\n`)
  return seconds === null ? REFUSED : 0
}

/** Reads the configuration as `warder check` does; its problems go to standard error. */
async function test(config: string | undefined, around: Around): Promise<number> {
  const options = config === undefined ? {} : { config }
  const exit = await check.run({ ...around, print: () => {}, words: [], options })
  if (exit === 0) around.print('OK: configuration test is successful\n')
  return exit === 0 ? 0 : REFUSED
}

async function command(line: Extract<ClientLine, { kind: 'command' }>, around: Around): Promise<number> {
  if (line.words.length === 0) {
    around.complain(CLIENT_HELP)
    return REFUSED
  }
  try {
    return say(await inAgent(line), around)
  } catch (err) {
    if (err instanceof Refused) return say(err.said, around)
    explain({ ...around, words: [], options: {} }, err)
    return REFUSED
  }
}

async function inAgent({ words, config, socket }: Extract<ClientLine, { kind: 'command' }>): Promise<Said> {
  const path = socket ?? (await loadAgentConfig(config)).socket
  return carryOut(new Jails(asker((request) => ask(path, request))), words)
}

function say({ out, notes = [], hints = [], isRefused = false }: Said, around: Around): number {
  around.print(`${out}\n`)
  for (const note of [...notes, ...(around.isTerminal ? hints : [])]) around.complain(`${note}\n`)
  return isRefused ? REFUSED : 0
}

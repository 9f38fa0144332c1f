import { basename } from 'node:path'
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { VERSION } from '../version.ts'
import { allow } from './allow.ts'
import { ban } from './ban.ts'
import { banned } from './banned.ts'
import { check } from './check.ts'
import { runClient } from './client/client.ts'
import { EXIT, type Call, type Command } from './command.ts'
import { doctor } from './doctor.ts'
import { enrol } from './enrol.ts'
import { harden } from './harden.ts'
import { importFail2ban } from './import-fail2ban.ts'
import { panic } from './panic.ts'
import { regex } from './regex.ts'
import { reload } from './reload.ts'
import { replay } from './replay.ts'
import { run } from './run.ts'
import { status } from './status.ts'
import { unban } from './unban.ts'
import { withdraw } from './withdraw.ts'

/** All commands but `client`, in the order in which they are told. */
export const COMMANDS: readonly Command[] = [
  run,
  check,
  enrol,
  status,
  banned,
  ban,
  unban,
  panic,
  allow,
  reload,
  withdraw,
  harden,
  doctor,
  regex,
  replay,
  importFail2ban,
]

/** The one command with a command line of its own. */
export const CLIENT = {
  name: 'client',
  summary: 'Take the commands of fail2ban-client and answer as it does',
}

/** What every command takes. */
export const GENERAL: ParseArgsOptionsConfig = {
  config: { type: 'string' },
  socket: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
}

export const GENERAL_WORDS: Readonly<Record<string, string>> = {
  config: 'the file of settings of the process (default /etc/warder/agent.toml)',
  socket: 'where the agent listens (default: as the file says)',
  json: 'print the result as one line of JSON',
  help: 'explain the command',
}

/** The same for a program that was called by a name: by that of fail2ban-client it takes its commands. */
export const runProgramNamed = (
  program: string,
  args: readonly string[],
  around: Omit<Call, 'words' | 'options'>,
): Promise<number> =>
  runCommand(basename(program) === 'fail2ban-client' ? [CLIENT.name, ...args] : args, around)

/** Runs a command line, without the program's own name → the exit status. Usage errors are said with how it goes. */
export async function runCommand(
  args: readonly string[],
  around: Omit<Call, 'words' | 'options'>,
): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (rest[0] === CLIENT.name) return runClient(['--help'], around)
    const about = COMMANDS.find((command) => command.name === rest[0])
    const text = about ? helpOf(about) : overview()
    if (name === undefined) around.complain(text)
    else around.print(text)
    return name === undefined ? EXIT.usage : EXIT.ok
  }
  if (name === '--version' || name === 'version') {
    around.print(`warder ${VERSION}\n`)
    return EXIT.ok
  }
  if (name === CLIENT.name) return runClient(rest, around)
  const command = COMMANDS.find((each) => each.name === name)
  if (!command) {
    around.complain(`There is no command ${JSON.stringify(name)}.\n\n${overview()}`)
    return EXIT.usage
  }
  return runOne(command, rest, around)
}

async function runOne(
  command: Command,
  rest: readonly string[],
  around: Omit<Call, 'words' | 'options'>,
): Promise<number> {
  const parsed = parse(command, rest)
  if (!parsed.ok) {
    around.complain(`${parsed.problem}\n\n${helpOf(command)}`)
    return EXIT.usage
  }
  if (parsed.options['help'] === true) {
    around.print(helpOf(command))
    return EXIT.ok
  }
  const [least, most] = command.words
  if (parsed.words.length < least || parsed.words.length > most) {
    around.complain(
      `${parsed.words.length < least ? 'Something is missing.' : 'That is too much.'}\n\n${helpOf(command)}`,
    )
    return EXIT.usage
  }
  return command.run({ ...around, words: parsed.words, options: parsed.options })
}

type ParsedLine =
  | { readonly ok: true; readonly words: readonly string[]; readonly options: Call['options'] }
  | { readonly ok: false; readonly problem: string }

function parse(command: Command, args: readonly string[]): ParsedLine {
  try {
    const options = { ...GENERAL, ...command.options }
    const { values, positionals } = parseArgs({ args: joinNegatives(args), options, allowPositionals: true })
    const plain = Object.entries(values).map(
      ([key, value]) => [key, Array.isArray(value) ? undefined : value] as const,
    )
    return { ok: true, words: positionals, options: Object.fromEntries(plain) }
  } catch (err) {
    return { ok: false, problem: err instanceof Error ? err.message : String(err) }
  }
}

/** `--for -1` → `--for=-1`: a number below zero is a value here, not an option. */
function joinNegatives(args: readonly string[]): string[] {
  const joined: string[] = []
  for (const arg of args) {
    const last = joined.at(-1)
    if (/^-\d+$/.test(arg) && last?.startsWith('--') && !last.includes('='))
      joined[joined.length - 1] = `${last}=${arg}`
    else joined.push(arg)
  }
  return joined
}

function overview(): string {
  const all = [...COMMANDS, CLIENT]
  const width = Math.max(...all.map((command) => command.name.length))
  return [
    'warder: finds failed logins in the logs of this node and bans their addresses.\n\n',
    'warder COMMAND [OPTIONS]\n\n',
    ...all.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}\n`),
    '\nwarder COMMAND --help explains a command; warder --version tells the release.\n',
    'Exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 the agent is not running.\n',
  ].join('')
}

function helpOf(command: Command): string {
  const own = Object.entries(command.options).map(
    ([name, option]) => [name, option, command.explain[name] ?? ''] as const,
  )
  const general = Object.entries(GENERAL).map(
    ([name, option]) => [name, option, command.explain[name] ?? GENERAL_WORDS[name] ?? ''] as const,
  )
  const rows = [...own, ...general].map(([name, { type, short }, words]) => [
    `  --${name}${type === 'string' ? ` ${name.toUpperCase()}` : ''}${short === undefined ? '' : `, -${short}`}`,
    words,
  ])
  const width = Math.max(...rows.map(([option]) => option?.length ?? 0))
  return [
    `${command.summary}.\n\n`,
    `warder ${command.name} ${command.form}`.trimEnd(),
    '\n\n',
    ...rows.map(([option = '', words]) => `${option.padEnd(width)}  ${words}\n`),
    '\nExamples:\n',
    ...command.examples.map((example) => `  ${example}\n`),
  ].join('')
}

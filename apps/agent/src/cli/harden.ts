import { systemClock } from '@warder/daemon'
import type { HardeningFinding, HardenOutcome } from '@warder/protocol'
import { loadAgentConfig } from '../config/load.ts'
import { Hardener } from '../hardening/hardener.ts'
import { placesHere } from '../hardening/places-here.ts'
import { serveOne } from '../hardening/serve.ts'
import { explain } from './asking.ts'
import { EXIT, isOn, printJson, textOf, type Call, type Command, type Exit } from './command.ts'

/** Who changes the system that a command line means. */
const hardenerHere = async (call: Call): Promise<Hardener> =>
  new Hardener(placesHere(await loadAgentConfig(textOf(call, 'config')), systemClock), systemClock)

/** `warder harden`; tests bring a system of their own. */
export const makeHarden = (hardenerOf: (call: Call) => Promise<Hardener>): Command => ({
  name: 'harden',
  form: '[apply FINDING | restore FINDING | restore --all]',
  summary: 'Tell what hinders protection on this node, put it right, and take that back exactly',
  options: { all: { type: 'boolean' }, serve: { type: 'boolean' } },
  explain: {
    all: 'with restore: everything that was changed',
    serve: 'take one request on standard input, as warder-harden.socket asks for it',
  },
  examples: [
    'warder harden',
    'warder harden apply journald-level',
    'warder harden restore journald-level',
    'warder harden restore --all',
  ],
  words: [0, 2],
  async run(call) {
    try {
      const hardener = await hardenerOf(call)
      if (isOn(call, 'serve')) {
        printJson(call, await serveOne(process.stdin, hardener))
        return EXIT.ok
      }
      const [verb, id] = call.words
      if (verb === undefined) return tell(call, await hardener.list())
      if (verb === 'apply' && id !== undefined) return conclude(call, id, await hardener.apply(id))
      if (verb === 'restore' && id !== undefined) return conclude(call, id, await hardener.restore(id))
      if (verb === 'restore' && isOn(call, 'all')) return concludeAll(call, await hardener.restoreAll())
      call.complain(
        'Say apply FINDING, restore FINDING or restore --all; warder harden lists the findings.\n',
      )
      return EXIT.usage
    } catch (err) {
      if (isDenied(err)) {
        call.complain('Settings of the node can be changed by root only.\n')
        return EXIT.failed
      }
      return explain(call, err)
    }
  },
})

/** `warder harden` */
export const harden: Command = makeHarden(hardenerHere)

const SIGNS: Readonly<Record<HardeningFinding['state'], string>> = {
  fine: 'fine',
  found: 'FOUND',
  applied: 'put right',
  edited: 'EDITED',
  unread: 'unknown',
}

function tell(call: Call, findings: readonly HardeningFinding[]): Exit {
  if (isOn(call, 'json')) printJson(call, { ok: true, findings })
  else call.print(findings.map(wordsOf).join(''))
  return EXIT.ok
}

function wordsOf({ id, state, title, severity, cause, effect, fix, byHand, undo }: HardeningFinding): string {
  const lines = [`${SIGNS[state].padEnd(9)}  ${id} (${title})`, `           ${cause}`]
  if (state === 'found') {
    lines.push(`           Effect, ${severity}: ${effect}`)
    if (fix !== null) lines.push(`           Fix: warder harden apply ${id}`, `           It does: ${fix}`)
    lines.push('           By hand:', ...byHand.map((command) => `             ${command}`))
    if (fix !== null && undo !== null) lines.push(`           Undo: warder harden restore ${id}. ${undo}`)
  }
  if (state === 'applied') lines.push(`           Undo: warder harden restore ${id}. ${undo ?? ''}`)
  return `${lines.join('\n')}\n`
}

function conclude(call: Call, id: string, outcome: HardenOutcome): Exit {
  if (isOn(call, 'json')) printJson(call, outcome)
  else sayOutcome(call, id, outcome)
  return outcome.ok ? EXIT.ok : EXIT.failed
}

function concludeAll(
  call: Call,
  outcomes: readonly { readonly id: string; readonly outcome: HardenOutcome }[],
): Exit {
  const isOk = outcomes.every(({ outcome }) => outcome.ok)
  if (isOn(call, 'json')) printJson(call, { ok: isOk, restored: outcomes })
  else if (outcomes.length === 0) call.print('There is nothing of ours to take back.\n')
  else for (const { id, outcome } of outcomes) sayOutcome(call, id, outcome)
  return isOk ? EXIT.ok : EXIT.failed
}

/** Tells what became of one setting. */
export function sayOutcome(call: Call, id: string, outcome: HardenOutcome): void {
  if (outcome.ok) call.print(`${id}: ${outcome.said}\n`)
  else call.complain(`${id}: ${outcome.message}.\n${outcome.remedy}\n`.replace('..\n', '.\n'))
}

const isDenied = (err: unknown): boolean =>
  err instanceof Error &&
  'code' in err &&
  (err.code === 'EACCES' || err.code === 'EPERM' || err.code === 'EROFS')

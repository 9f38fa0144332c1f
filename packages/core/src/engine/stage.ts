// What the tests of the engine share: one jail, one moment, lines and bans in it.
import type { Ban } from '../ban/ban.ts'
import { compileJail } from '../jail/compile.ts'
import type { JailDefinition } from '../jail/definition.ts'
import { NEVER_NOBODY } from '../jail/never.ts'
import { JOURNAL, type LogLine } from '../line/line.ts'
import type { Effect } from './effect.ts'
import { makeEngine, type Engine } from './engine.ts'
import type { Input, Plan, PlannedJail } from './input.ts'

/** The moment of all steps that say nothing else. */
export const NOW = 1_795_176_000_000
export const MINUTE = 60_000

/** A jail that bans at the second failure. */
export const DEFINITION: JailDefinition = {
  name: 'sshd',
  filter: {
    name: 'sshd',
    failregex: ['Failed password for <F-USER>.*</F-USER> from <HOST> port \\d+$'],
    ignoreregex: [],
    maxlines: 1,
    journalmatch: [[['_COMM', 'sshd']]],
  },
  backend: 'auto',
  logpath: [],
  ports: { protocol: 'tcp', ports: [22] },
  ignoreip: [],
  maxmatches: 5,
  settings: { enabled: true, maxretry: 2, findtime: 600, bantime: 600 },
}

/** The jail, compiled, with changes. */
export function planned(change: Partial<JailDefinition> = {}, sources = [JOURNAL, '/auth.log']): PlannedJail {
  const compiled = compileJail({ ...DEFINITION, ...change })
  if (!compiled.ok) throw new Error(compiled.problems.join('\n'))
  return { jail: compiled.jail, sources }
}

/** A plan of these jails in which everybody may be banned. */
export const planOf = (...jails: readonly PlannedJail[]): Plan => ({ jails, never: NEVER_NOBODY })

/** An engine that runs these jails. */
export function engineWith(...jails: readonly PlannedJail[]): Engine {
  const engine = makeEngine()
  engine.step({ kind: 'plan', plan: planOf(...jails) }, NOW)
  return engine
}

/** A line of the journal in which this address fails to log in. */
export function failedLogin(ip: string, more: Partial<LogLine> = {}): Input {
  const text = `Failed password for root from ${ip} port 22`
  const line = { source: JOURNAL, text, readAt: NOW, writtenAt: NOW, fields: { _COMM: 'sshd' } }
  return { kind: 'line', line: { ...line, ...more } }
}

/** What effects are, in words for comparing. */
export const kindsOf = (effects: readonly Effect[]): readonly string[] =>
  effects.map((effect) => {
    if (effect.kind === 'ask') return `ask: ${effect.inquiry.kind}`
    if (effect.kind === 'record') return effect.event.kind
    return 'then' in effect ? `${effect.kind}: ${effect.then.kind}` : effect.kind
  })

/** A ban of ten minutes from now. */
export const banOf = (ip: string, change: Partial<Ban> = {}): Ban => ({
  jail: 'sshd',
  ip,
  at: NOW,
  until: NOW + 10 * MINUTE,
  origin: 'detected',
  ...change,
})

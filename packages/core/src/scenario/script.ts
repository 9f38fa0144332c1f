import { readGrowth } from '../ban/growth.ts'
import { compileJail } from '../jail/compile.ts'
import type { JailDefinition } from '../jail/definition.ts'
import type { Input, PlannedJail } from '../engine/input.ts'
import { NEVER_NOBODY, type NeverBan } from '../jail/never.ts'
import { JOURNAL, type LogLine } from '../line/line.ts'
import { parseDuration } from '../time/duration.ts'
import type { EpochMs } from '../time/epoch.ts'

/** Scenarios take place on one day, 2026-11-20; hours may go on beyond 24. */
export const DAY: EpochMs = 1_795_132_800_000

/** The file that lines of a scenario are read from when they do not come from the journal. */
const FILE = '/var/log/auth.log'

/** One input at its moment. */
export interface Step {
  readonly now: EpochMs
  readonly input: Input
}

/** A scenario as inputs: the plan that it begins with, then what happens. */
export interface Script {
  readonly plan: Step
  readonly steps: readonly Step[]
  /** Whether every failure is told, not only what follows from it. */
  readonly showsFailures: boolean
}

/** `10:00:00` → the moment on the scenario's day. */
export function momentOf(clock: string): EpochMs {
  const found = /^(\d+):(\d\d):(\d\d)$/.exec(clock)
  if (found === null) throw new Error(`not a time of the day: ${clock}`)
  return DAY + ((Number(found[1]) * 60 + Number(found[2])) * 60 + Number(found[3])) * 1000
}

type Words = ReadonlyMap<string, string>

/** `ip=192.0.2.1 jail=sshd` → its words. */
const wordsOf = (text: string): Words =>
  new Map([...text.matchAll(/(\w+)(?:=(\S*))?/g)].map((found) => [found[1] ?? '', found[2] ?? '']))

const listOf = (words: Words, name: string): readonly string[] => words.get(name)?.split(',') ?? []

function seconds(words: Words, name: string, otherwise: number): number {
  const text = words.get(name)
  if (text === undefined) return otherwise
  const value = parseDuration(text)
  if (value === null) throw new Error(`not a duration: ${name}=${text}`)
  return value
}

function definitionOf(name: string, words: Words): JailDefinition {
  return {
    name,
    filter: {
      name: 'sshd',
      prefregex: '^\\s*\\S+ sshd\\[\\d+\\]: <F-CONTENT>.+</F-CONTENT>$',
      failregex: ['^Failed password for (?:invalid user )?<F-USER>.*</F-USER> from <HOST> port \\d+ ssh2$'],
      ignoreregex: [],
      maxlines: 1,
      journalmatch: [[['SYSLOG_IDENTIFIER', 'sshd']]],
    },
    backend: words.has('bans') ? 'bans' : 'auto',
    logpath: [FILE],
    ports: { protocol: 'tcp', ports: [22] },
    ignoreip: listOf(words, 'ignoreip'),
    maxmatches: Number(words.get('maxmatches') ?? 5),
    ...growthOf(words),
    settings: {
      enabled: true,
      maxretry: Number(words.get('maxretry') ?? 3),
      findtime: seconds(words, 'findtime', 600),
      bantime: seconds(words, 'bantime', 3600),
    },
  }
}

/** `increment factor=2 maxtime=1d multipliers=1,2,4 overalljails=yes` → how bans grow. */
function growthOf(words: Words): Pick<JailDefinition, 'growth'> {
  const option = (name: string): string | undefined =>
    words.get(name.replace('bantime.', ''))?.replaceAll(',', ' ')
  const read = readGrowth((name) =>
    name === 'bantime.increment' ? String(words.has('increment')) : option(name),
  )
  if (!read.ok) throw new Error(read.problem)
  return read.growth === null ? {} : { growth: read.growth }
}

const journalLine = (text: string, now: EpochMs): LogLine => ({
  source: JOURNAL,
  text: `node ${text}`,
  readAt: now,
  writtenAt: now,
  fields: { SYSLOG_IDENTIFIER: /^[\w-]+/.exec(text)?.[0] ?? '' },
})

/** Reads a scenario line by line; the plan is kept, since a change of plan names only what changes. */
class Reader {
  readonly #jails = new Map<string, PlannedJail>()
  #never: NeverBan = NEVER_NOBODY

  plan(): Input {
    return { kind: 'plan', plan: { jails: [...this.#jails.values()], never: this.#never } }
  }

  /** Takes one statement; null when it is none but a line of a log. */
  statement(text: string): Input | null {
    const [, verb = '', subject = '', rest = ''] = /^(\w+)(?: +(\S+))?(?: +(.*))?$/.exec(text) ?? []
    const words = wordsOf(rest)
    switch (verb) {
      case 'jail':
        return this.#jail(subject, words)
      case 'without':
        this.#jails.delete(subject)
        return this.plan()
      case 'never':
        return this.#neverBan(wordsOf(`${subject} ${rest}`))
      case 'order':
        return { kind: 'order', order: orderOf(subject, words) }
      case 'restore':
        return restoreOf(subject, words)
      default:
        return null
    }
  }

  #jail(name: string, words: Words): Input {
    const compiled = compileJail(definitionOf(name, words))
    if (!compiled.ok) throw new Error(compiled.problems.join('\n'))
    this.#jails.set(name, { jail: compiled.jail, sources: [JOURNAL, FILE] })
    return this.plan()
  }

  #neverBan(words: Words): Input {
    this.#never = {
      groups: [
        { reason: 'own-address', targets: listOf(words, 'own') },
        { reason: 'local-network', targets: listOf(words, 'local') },
        { reason: 'ignoreip', targets: listOf(words, 'ignoreip') },
      ],
    }
    return this.plan()
  }
}

function orderOf(id: string, words: Words): Extract<Input, { kind: 'order' }>['order'] {
  const by = 'anna'
  const reason = words.get('reason')
  const why = reason === undefined ? {} : { reason }
  if (words.has('lift')) {
    const issuedAt = momentOf(words.get('issued') ?? '99:00:00')
    return {
      kind: 'lift',
      id,
      ip: words.get('ip') ?? null,
      jail: words.get('jail') ?? null,
      by,
      issuedAt,
      ...why,
    }
  }
  const bantime = words.has('bantime') ? seconds(words, 'bantime', 0) : null
  const expiresAt = momentOf(words.get('expires') ?? '99:00:00')
  const { ip, jail } = { ip: words.get('ip') ?? '', jail: words.get('jail') ?? 'manual' }
  return { kind: 'ban', id, ip, jail, bantime, by, expiresAt, ...why }
}

function restoreOf(subject: string, words: Words): Input {
  const { ip, jail } = { ip: words.get('ip') ?? '', jail: words.get('jail') ?? 'sshd' }
  const at = momentOf(words.get('at') ?? '00:00:00')
  if (subject === 'failure') {
    return { kind: 'restore', bans: [], failures: [{ jail, ip, at, line: 'a line of before' }] }
  }
  if (subject === 'offence') {
    const offences = [{ jail, ip, bans: Number(words.get('bans') ?? 1), lastAt: at }]
    return { kind: 'restore', bans: [], failures: [], offences }
  }
  const until = words.has('until') ? momentOf(words.get('until') ?? '') : null
  return { kind: 'restore', bans: [{ jail, ip, at, until, origin: 'operator', by: 'anna' }], failures: [] }
}

function timedStep(reader: Reader, clock: string, text: string): Step {
  const now = momentOf(clock)
  if (text === 'tick') return { now, input: { kind: 'tick' } }
  const file = /^file (live )?(.*)$/.exec(text)
  if (file !== null) {
    const line = { source: FILE, text: file[2] ?? '', readAt: now, live: file[1] !== undefined }
    return { now, input: { kind: 'line', line } }
  }
  return { now, input: reader.statement(text) ?? { kind: 'line', line: journalLine(text, now) } }
}

/** The text above `---` of a scenario → its inputs. Throws when it is not understood: scenarios are ours. */
export function readScript(text: string): Script {
  const reader = new Reader()
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const timed = lines.findIndex((line) => /^\d/.test(line))
  const head = timed < 0 ? lines : lines.slice(0, timed)
  for (const line of head) {
    if (line !== 'show failures' && reader.statement(line) === null)
      throw new Error(`not understood: ${line}`)
  }
  const plan = { now: DAY, input: reader.plan() }
  const steps = lines.slice(head.length).map((line) => {
    const [, clock = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? []
    return timedStep(reader, clock, rest)
  })
  return { plan, steps, showsFailures: head.includes('show failures') }
}

import type { JournalMatch, JournalMatchGroup } from '@warder/core'
import { isSyslog } from './syslog.ts'

/** Who an entry of the journal comes from, as journald sees it. */
export interface Author {
  readonly uid: number
  /** A service; null: any. */
  readonly unit: string | null
  /** What the process is called; null: anything. */
  readonly comm: string | null
  readonly transport: 'journal' | 'syslog'
}

/** A unit as systemd and the kernel tell of it. */
export interface UnitSeen {
  /** The name that its entries carry: another one where an alias was asked for. */
  readonly id: string
  readonly isThere: boolean
  readonly isActive: boolean
  readonly processes: readonly { readonly pid: number; readonly comm: string }[]
}

/** What decides who can be written as. */
export interface Here {
  readonly units: ReadonlyMap<string, UnitSeen>
  readonly users: ReadonlySet<number>
}

/** An alternative of a journalmatch that an entry can be written for: what the entry says of itself, and as whom. */
export interface Writable {
  readonly said: Readonly<Record<string, string>>
  readonly author: Author
}

/** Why nothing can be written as somebody. `isNever`: such an entry cannot come from anybody, so nothing is ever read. */
export interface Refusal {
  readonly why: string
  readonly isNever: boolean
}

export interface Alternatives {
  /** The plainest first. */
  readonly writable: readonly Writable[]
  readonly refused: readonly Refusal[]
}

/** Anything of root. */
export const PLAIN: Writable = {
  said: {},
  author: { uid: 0, unit: null, comm: null, transport: 'journal' },
}

/** What a sender can say of itself; what begins with _ is found out by journald. */
const SAID = /^[A-Z]/
const SERVICE = /^[\w:.\\][\w:.@\\-]{0,240}\.service$/
const TEMPLATE = /@\.service$/
/** The kernel cuts what a process is called (bytes). */
const LONGEST_COMM = 15
const COMM = /^[\x21-\x2e\x30-\x7e](?:[\x20-\x2e\x30-\x7e]*[\x21-\x2e\x30-\x7e])?$/
/** Entries of people go to a journal of their own, which is begun where there is none. */
const LAST_SYSTEM_USER = 999
/** Values of fields that are named more than once, taken together. */
const MOST = 16

/** Whether this is the name of a service that may be asked about. */
export const isService = (name: string): boolean => SERVICE.test(name) && !TEMPLATE.test(name)

/** Whether a process can be called so, and a link to a program too. */
export const isComm = (name: string): boolean =>
  COMM.test(name) && name.length <= LONGEST_COMM && !/^\.{1,2}$/.test(name)

/** Services that a journalmatch names. */
export const servicesIn = (match: JournalMatch): readonly string[] => [
  ...new Set(
    match.flatMap((group) =>
      group.flatMap(([field, value]) => (field === '_SYSTEMD_UNIT' && isService(value) ? [value] : [])),
    ),
  ),
]

/** Which alternatives of a journalmatch can be written for, and why others cannot. Without any, everything fits. */
export function alternativesOf(match: JournalMatch, here: Here): Alternatives {
  if (match.length === 0) return { writable: [PLAIN], refused: [] }
  const all = match.flatMap(eachOf).map((terms) => judged(terms, here))
  return {
    writable: all
      .flatMap((each) => ('author' in each ? [each] : []))
      .toSorted((one, other) => rank(one.author) - rank(other.author)),
    refused: all.flatMap((each) => ('why' in each ? [each] : [])),
  }
}

/** Nothing in the way is the plainest; a service that runs proves more than a name that anything can have. */
const rank = ({ uid, unit, comm }: Author): number =>
  unit !== null ? 1 : comm !== null ? 3 : uid === 0 ? 0 : 2

type Terms = ReadonlyMap<string, string>

/** A field that is named twice may have either value → each with one value for a field. */
function eachOf(group: JournalMatchGroup): readonly Terms[] {
  let all: readonly Terms[] = [new Map()]
  for (const field of new Set(group.map(([name]) => name))) {
    const values = [...new Set(group.flatMap(([name, value]) => (name === field ? [value] : [])))]
    all = all.flatMap((terms) => values.map((value) => new Map([...terms, [field, value]]))).slice(0, MOST)
  }
  return all
}

function judged(terms: Terms, here: Here): Writable | Refusal {
  const strange = [...terms.keys()].find(
    (field) => !SAID.test(field) && !['_UID', '_COMM', '_SYSTEMD_UNIT', '_TRANSPORT'].includes(field),
  )
  if (strange !== undefined) return refusal(`nobody but its own program has the right ${strange}`)
  const transport = terms.get('_TRANSPORT') ?? 'journal'
  if (transport !== 'journal' && transport !== 'syslog')
    return refusal(`entries that come by ${transport} cannot be written`)
  const uid = terms.get('_UID') ?? '0'
  if (!/^\d{1,10}$/.test(uid)) return never(`no user has the number ${uid}`)
  const author: Author = {
    uid: Number(uid),
    unit: terms.get('_SYSTEMD_UNIT') ?? null,
    comm: terms.get('_COMM') ?? null,
    transport,
  }
  const said = Object.fromEntries([...terms].filter(([field]) => SAID.test(field)))
  if (transport === 'syslog' && !isSyslog(said))
    return refusal('an entry by syslog cannot say all that it asks for')
  return whyNot(author, here) ?? { said, author }
}

/** Why nothing can be written as somebody; null: it can. */
export function whyNot(author: Author, here: Here): Refusal | null {
  const { uid, unit, comm, transport } = author
  if (transport === 'syslog' && !isRoot(author)) return refusal('entries by syslog are written as root alone')
  if (uid > LAST_SYSTEM_USER)
    return refusal(`user ${uid} is a person, whose entries go to a journal of their own`)
  if (!here.users.has(uid)) return refusal(`there is no user ${uid} here`)
  if (comm !== null && comm.length > LONGEST_COMM)
    return never(`no process is called ${comm}: the kernel cuts names to ${LONGEST_COMM} characters`)
  if (comm !== null && !isComm(comm)) return refusal('no program can be started under that name')
  return unit === null ? null : whyNotUnit(unit, comm, here)
}

function whyNotUnit(unit: string, comm: string | null, { units }: Here): Refusal | null {
  if (TEMPLATE.test(unit)) return never(`${unit} is a template, and its entries carry whole names`)
  if (!isService(unit)) return refusal(`${unit} is not a service`)
  const seen = units.get(unit)
  if (seen === undefined) return refusal(`systemd does not tell about ${unit}`)
  if (!seen.isThere) return refusal(`there is no ${unit} here`)
  if (seen.id !== unit) return never(`${unit} is another name of ${seen.id}, and entries carry only that one`)
  if (!seen.isActive) return refusal(`${unit} does not run, so nothing can be written as it`)
  if (seen.processes.length === 0)
    return refusal(`${unit} has no process now, so nothing can be written as it`)
  return processOf(unit, comm, seen) === null
    ? refusal(`no process of ${unit} is called ${comm ?? ''} now`)
    : null
}

/** The process that an entry of a service is to come from; null: there is none. */
export const processOf = (unit: string, comm: string | null, seen: UnitSeen | undefined): number | null =>
  seen?.id !== unit
    ? null
    : (seen.processes.find((process) => comm === null || process.comm === comm)?.pid ?? null)

/** Whether every process of root can write as this one. */
export const isRoot = ({ uid, unit, comm }: Author): boolean => uid === 0 && unit === null && comm === null

/** As whom, as words behind "was written". */
export const asWhom = ({ uid, unit, comm }: Author): string =>
  [
    unit === null ? '' : ` as ${unit}`,
    comm === null ? '' : ` as a process called ${comm}`,
    uid === 0 ? '' : ` as user ${uid}`,
  ].join('')

const refusal = (why: string): Refusal => ({ why, isNever: false })
const never = (why: string): Refusal => ({ why, isNever: true })

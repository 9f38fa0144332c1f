import { readFileSync } from 'node:fs'
import type { ZoneOffset } from '@warder/core'

/** The clock of the corpora: 2005-08-14 12:00:00 in Zurich. */
export const NOW = 1_124_013_600_000

const zones = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Zurich', timeZoneName: 'longOffset' })
const known = new Map<number, number>()

/** The zone of the corpora. Offsets change at full hours, so each hour is asked for once. */
export const ZURICH: ZoneOffset = (at) => {
  const hour = Math.floor(at / 3_600_000)
  let offset = known.get(hour)
  if (offset === undefined) {
    const name =
      zones.formatToParts(hour * 3_600_000).find((part) => part.type === 'timeZoneName')?.value ?? ''
    const found = /GMT([+-])(\d\d):(\d\d)/.exec(name)
    const minutes = found === null ? 0 : Number(found[2]) * 60 + Number(found[3])
    offset = found?.[1] === '-' ? -minutes : minutes
    known.set(hour, offset)
  }
  return offset
}

/** What fail2ban reports for a line in production. */
export interface Failure {
  readonly re: number
  readonly id: string
  readonly ip?: string
  /** Null: the line has no date, and neither has one shortly before it. */
  readonly epoch: number | null
  readonly data: Readonly<Record<string, unknown>>
  /** Lines attached: their number, or their text. */
  readonly matches: number | readonly string[]
}

/** A line of a log with what is expected of it. */
export interface LineRecord {
  readonly id: string
  readonly filter: string
  readonly stream: string
  readonly seq: number
  readonly options: Readonly<Record<string, string>>
  readonly source: 'file' | 'journal'
  readonly prefix?: string
  readonly line: string
  readonly expect: {
    readonly match: boolean
    readonly host?: string
    readonly epoch?: number | null
    readonly user?: string
    readonly users?: readonly string[]
    readonly attempts?: number
  }
  readonly oracle?: { readonly failures: readonly Failure[]; readonly differs?: boolean }
}

/** A case of the semantics: what goes in, what comes out. */
export interface Case {
  readonly id: string
  readonly kind: string
  readonly in: Readonly<Record<string, unknown>>
  readonly expect: Readonly<Record<string, unknown>>
}

/** What a record or case came to: null when it is as expected, else what is wrong. */
export interface Outcome {
  readonly id: string
  /** The filter of a line, or the kind of a case: what scores are told by. */
  readonly kind: string
  readonly failure: string | null
}

/** The records of a file, in order. Throws where a line is no JSON. */
export const readRecords = (path: string): readonly unknown[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line))

const has = (record: unknown, ...names: string[]): boolean =>
  typeof record === 'object' && record !== null && names.every((name) => name in record)

export const isLine = (record: unknown): record is LineRecord =>
  has(record, 'filter', 'stream', 'line', 'expect')
export const isCase = (record: unknown): record is Case => has(record, 'kind', 'in', 'expect')

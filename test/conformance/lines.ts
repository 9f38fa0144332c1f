import { parseTarget, type LogLine } from '@warder/core'
import type { Tree } from '../../packages/conf/src/include.ts'
import { filterSettings, openFilter } from '../../packages/conf/src/stream.ts'
import { NOW, type Failure, type LineRecord, type Outcome } from './corpus.ts'
import { makeFinder, type Found } from './finder.ts'

const sameAddress = (ours: string, theirs: string): boolean =>
  ours === theirs || (parseTarget(ours) ?? ours) === (parseTarget(theirs) ?? theirs)

/** The corpora count in floating seconds, we in whole milliseconds. A time ahead of now is now, and so is no time (null). */
const sameTime = (ours: number, theirs: number | null): boolean =>
  Math.abs(ours - Math.min(theirs ?? NOW / 1000, NOW / 1000)) < 0.002

const inOrder = (value: unknown): unknown =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.toSorted() : value

function sameData(ours: Failure['data'], theirs: Failure['data']): boolean {
  const write = (data: Failure['data']): string =>
    JSON.stringify(
      Object.keys(data)
        .toSorted()
        .map((name) => [name, name === 'users' ? inOrder(data[name]) : data[name]]),
    )
  return write(ours) === write(theirs)
}

const countOf = (matches: Failure['matches']): number =>
  typeof matches === 'number' ? matches : matches.length

/** What differs between our failure and the recorded one; null: nothing. */
export function difference(ours: Found, theirs: Failure): string | null {
  const tell = (what: string, mine: unknown, its: unknown): string =>
    `${what} is ${JSON.stringify(mine)}, expected ${JSON.stringify(its)}`
  if (!sameAddress(ours.id, theirs.id)) return tell('id', ours.id, theirs.id)
  if ((ours.ip ?? null) !== (theirs.ip ?? null)) return tell('ip', ours.ip, theirs.ip)
  if (ours.re !== theirs.re) return tell('expression', ours.re, theirs.re)
  if (theirs.epoch !== undefined && !sameTime(ours.epoch, theirs.epoch))
    return tell('time', ours.epoch, theirs.epoch)
  if (!sameData(ours.data, theirs.data)) return tell('captures', ours.data, theirs.data)
  if (ours.matches.length !== countOf(theirs.matches))
    return tell('lines', ours.matches.length, countOf(theirs.matches))
  return null
}

/** What differs from what the author of the sample expects; null: nothing. */
function strays(ours: Found | null, expected: LineRecord['expect']): string | null {
  if (!expected.match) return ours === null ? null : `found ${ours.id}, expected nothing`
  if (ours === null) return `found nothing, expected ${expected.host ?? 'a failure'}`
  const { host, user, users, attempts, epoch } = expected
  if (host !== undefined && !sameAddress(ours.ip ?? ours.id, host) && !sameAddress(ours.id, host))
    return `host is ${ours.id}, expected ${host}`
  const told = ours.data['user']
  if (user !== undefined && told !== user) return `user is ${JSON.stringify(told)}, expected ${user}`
  const named = ours.data['users'] ?? (told === undefined ? [] : [told])
  if (users !== undefined && JSON.stringify(inOrder(named)) !== JSON.stringify(inOrder(users)))
    return `users are ${JSON.stringify(named)}, expected ${JSON.stringify(users)}`
  if (attempts !== undefined && ours.matches.length !== attempts)
    return `lines are ${ours.matches.length}, expected ${attempts}`
  return epoch === undefined || sameTime(ours.epoch, epoch)
    ? null
    : `time is ${ours.epoch}, expected ${epoch}`
}

function judge(ours: Found | null, record: LineRecord): string | null {
  const { oracle } = record
  const stray = oracle?.differs === true ? null : strays(ours, record.expect)
  if (stray !== null || oracle === undefined) return stray
  const [failure] = oracle.failures
  if (oracle.failures.length > 1)
    return `expected ${oracle.failures.length} failures, which is never reported`
  if (failure === undefined) return ours === null ? null : `found ${ours.id}, expected nothing`
  return ours === null ? `found nothing, expected ${failure.id}` : difference(ours, failure)
}

function lineOf(record: LineRecord): LogLine {
  const text = `${record.prefix ?? ''}${record.line}`
  return record.source === 'journal'
    ? { source: 'journal', text, readAt: NOW, writtenAt: NOW }
    : { source: '/log', text, readAt: NOW }
}

type Finder = ReturnType<typeof makeFinder>

/** A filter of the configuration, or in words why there is none. */
function finderOf(tree: Tree | null, record: LineRecord): Finder | string {
  if (tree === null) return 'needs --config DIR'
  try {
    return makeFinder(filterSettings(openFilter(tree, record.filter, { ...record.options })))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Runs line records against the filters of a configuration, each stream in its order through one filter. */
export function runLines(records: readonly LineRecord[], tree: Tree | null): readonly Outcome[] {
  const finders = new Map<string, Finder | string>()
  const ordered = records.toSorted((a, b) => a.seq - b.seq)
  const failures = new Map<LineRecord, string | null>()
  for (const record of ordered) {
    const finder = finders.get(record.stream) ?? finderOf(tree, record)
    finders.set(record.stream, finder)
    failures.set(record, typeof finder === 'string' ? finder : judge(finder(lineOf(record)), record))
  }
  return records.map((record) => ({
    id: record.id,
    kind: record.filter,
    failure: failures.get(record) ?? null,
  }))
}

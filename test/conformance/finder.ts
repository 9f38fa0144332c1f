import type { ZoneOffset } from '../../packages/core/src/date/parse.ts'
import { compileFilter } from '../../packages/core/src/filter/compile.ts'
import type { FilterDefinition } from '../../packages/core/src/filter/definition.ts'
import { identityOf, valuesOf, type Finding } from '../../packages/core/src/filter/finding.ts'
import { RunningFilter } from '../../packages/core/src/filter/match.ts'
import { SourceReader } from '../../packages/core/src/line/reader.ts'
import { parseTarget, type LogLine } from '@warder/core'
import type { Captures } from '../../packages/core/src/regex/captures.ts'
import { NOW, ZURICH, type Failure } from './corpus.ts'

/** A failure as the corpora write it, its lines as text. */
export interface Found extends Omit<Failure, 'matches' | 'epoch'> {
  readonly epoch: number
  readonly matches: readonly string[]
}

/** The settings of a filter as they stand in its file, each option a list of lines. */
export type FilterSettings = Readonly<Record<string, readonly string[] | undefined>>

/** A filter could not be compiled. */
export class NotCompiled extends Error {}

/** Settings of a filter → its definition. With `usedns = no` a `<HOST>` takes addresses only. */
function definitionOf(settings: FilterSettings): FilterDefinition {
  const isWithoutNames = settings['usedns']?.[0] === 'no'
  const read = (text: string): string => (isWithoutNames ? text.replaceAll('<HOST>', '<ADDR>') : text)
  const [prefregex] = settings['prefregex'] ?? []
  const [datepattern] = settings['datepattern'] ?? []
  return {
    name: 'case',
    ...(prefregex === undefined ? {} : { prefregex: read(prefregex) }),
    failregex: (settings['failregex'] ?? []).map(read),
    ignoreregex: (settings['ignoreregex'] ?? []).map(read),
    ...(datepattern === undefined ? {} : { datepattern }),
    maxlines: Number(settings['maxlines']?.[0] ?? 1),
    journalmatch: [],
  }
}

/** The address or name beside another identifier, as the corpora write it. */
function hostOf(captures: Captures): string | null {
  const host = captures.get('ip4') ?? captures.get('ip6') ?? captures.get('dns')
  return host === undefined ? null : (parseTarget(host) ?? host)
}

/** What was found, in the notation of the corpora. User names of a story grow with it, so they are copied when told. */
function toFound(finding: Finding, at: number): Found {
  const id = identityOf(finding.captures) ?? ''
  const ip = finding.captures.has('fid') ? hostOf(finding.captures) : null
  const { users } = finding
  const hasUsers = users.size > 0
  const values = Object.fromEntries(valuesOf(finding.captures))
  return {
    re: finding.index,
    id,
    ...(ip === null || ip === id ? {} : { ip }),
    epoch: at / 1000,
    get data() {
      return !hasUsers ? values : { ...values, users: [...users] }
    },
    matches: finding.lines.map((line) => line.replace(/\n$/, '')),
  }
}

/** What keeps a filter from being compiled, in words. */
export function problemsOf(settings: FilterSettings): readonly string[] {
  const compiled = compileFilter(definitionOf(settings))
  return compiled.ok ? [] : compiled.problems
}

/** A filter at work on lines of one source: what it finds in each. Throws NotCompiled. */
export function makeFinder(
  settings: FilterSettings,
  zone: ZoneOffset = ZURICH,
): (line: LogLine) => Found | null {
  const compiled = compileFilter(definitionOf(settings))
  if (!compiled.ok) throw new NotCompiled(compiled.problems.join('; '))
  const running = new RunningFilter(compiled.filter)
  const reader = new SourceReader(zone)
  return (line) => {
    reader.take(line)
    const finding = running.find(reader, NOW)
    return finding === null ? null : toFound(finding, reader.time(compiled.filter.dates, NOW))
  }
}

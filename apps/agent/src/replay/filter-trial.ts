import {
  compileFilter,
  makeMatcher,
  type EpochMs,
  type FilterDefinition,
  type LogLine,
  type Match,
  type Matcher,
  type ZoneOffset,
} from '@warder/core'

/** What a filter makes of one line. */
export interface Verdict {
  /** It counts as a failure. */
  readonly match: Match | null
  /** It would count if no ignoreregex fitted. */
  readonly ignored: boolean
  /** Which failregex it was, from 0; -1 where that needs more lines than this one. */
  readonly rule: number
}

/** Lines, one after the other → what the filter makes of each. */
export type Trial = (text: string) => Verdict

/** A trial, or why the filter cannot run. */
export type TrialMade =
  { readonly ok: true; readonly trial: Trial } | { readonly ok: false; readonly problems: readonly string[] }

const SOURCE = '/log'

/** Makes a filter ready for the lines of a log. `now`: the moment that no date is beyond. */
export function makeTrial(filter: FilterDefinition, zone: ZoneOffset, now: EpochMs): TrialMade {
  const compiled = compileFilter(filter)
  if (!compiled.ok) return compiled
  const whole = makeMatcher(compiled.filter, zone)
  const heedless = filter.ignoreregex.length === 0 ? null : matcherOf({ ...filter, ignoreregex: [] }, zone)
  const rules = filter.failregex.map((expression) =>
    matcherOf({ ...filter, failregex: [expression], ignoreregex: [] }, zone),
  )
  const trial = (text: string): Verdict => {
    const line: LogLine = { source: SOURCE, text, readAt: now }
    const match = whole(line, now)
    const without = heedless?.(line, now) ?? null
    const found = match ?? without
    const rule = found === null ? -1 : rules.findIndex((matcher) => matcher?.(line, now)?.ip === found.ip)
    return { match, ignored: match === null && without !== null, rule }
  }
  return { ok: true, trial }
}

function matcherOf(definition: FilterDefinition, zone: ZoneOffset): Matcher | null {
  const compiled = compileFilter(definition)
  return compiled.ok ? makeMatcher(compiled.filter, zone) : null
}

import { JOURNAL, type JailDefinition } from '@warder/core'
import type { JailStatus } from '@warder/protocol'
import type { JailDetail } from '@warder/protocol/control'
import type { JailTotals } from '../health/tally.ts'

/** What a jail's detail is made of. */
export interface DetailParts {
  readonly status: JailStatus
  readonly definition: JailDefinition
  /** The words of ignoreip that hold now, as they were written. */
  readonly ignoreip: readonly string[]
  /** Addresses whose failures may still lead to a ban. */
  readonly failing: number
  readonly totals: JailTotals
}

const TEXTS = 1_000
const LONGEST = 4_096

/** One jail with all that it runs, inside the limits of an answer. */
export function detailOf({ status, definition, ignoreip, failing, totals }: DetailParts): JailDetail {
  const { filter, logpath, usedns = 'yes', maxmatches, ignorecommand } = definition
  return {
    status,
    failregex: bounded(filter.failregex),
    ignoreregex: bounded(filter.ignoreregex),
    logpath: bounded(logpath),
    journalmatch: bounded(filter.journalmatch.map((group) => group.map(([f, v]) => `${f}=${v}`).join(' '))),
    readsJournal: status.sources.includes(JOURNAL),
    datepattern: filter.datepattern?.slice(0, LONGEST) ?? null,
    usedns,
    maxlines: filter.maxlines,
    maxmatches,
    ignoreip: bounded(ignoreip),
    ignorecommand: ignorecommand?.join(' ').slice(0, LONGEST) ?? null,
    failing,
    failures: totals.failures,
    banned: totals.bans,
  }
}

const bounded = (texts: readonly string[]): string[] =>
  texts.slice(0, TEXTS).map((text) => text.slice(0, LONGEST))

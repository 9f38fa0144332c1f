import type { Spans } from './cut.ts'

/** Failures and bans of something by its name. */
export interface NamedCount {
  readonly name: string
  readonly failures: number
  readonly bans: number
}

export type InsightTable = 'nodes' | 'jails' | 'countries'

/** What stands out in a range of time. */
export interface InsightStore {
  /** All failures and bans of whole spans; one row. */
  total(spans: Spans): readonly { readonly failures: number; readonly bans: number }[]
  /** What counted most in whole spans, at most `limit`. */
  top(table: InsightTable, spans: Spans, limit: number): NamedCount[]
  /** The users that were tried most in the last `looked` failures of a range. Their names are attackers' text. */
  topUsers(
    range: Pick<Spans, 'from' | 'to'>,
    looked: number,
    limit: number,
  ): { readonly name: string; readonly failures: number }[]
}

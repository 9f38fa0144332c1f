import type { EpochMs } from '@warder/core'
import type { TimelineView } from '@warder/protocol/api'
import type { Cut, Span } from './buckets.ts'
import type { Tally } from './tally.ts'

export interface CountryCount {
  /** Two letters; empty where it is not known. */
  readonly country: string
  readonly failures: number
  readonly bans: number
}

export interface AddressCount {
  readonly ip: string
  readonly failures: number
  readonly bans: number
}

export interface SpanCount {
  readonly at: EpochMs
  readonly failures: number
  readonly bans: number
}

/** Failures and bans per span of time, and when each jail last matched. */
export interface CounterStore {
  add(tally: Tally): void
  /** The counts of each node in each bucket of a cut, in order of time; where nothing happened there is none. */
  buckets(cut: Cut): TimelineView['buckets']
  /** All failures and bans since the beginning of a minute. */
  totals(from: EpochMs): { readonly failures: number; readonly bans: number }
  /** A node's failures since the beginning of a minute, by jail. */
  failuresOf(nodeId: number, from: EpochMs): ReadonlyMap<string, number>
  /** The hours in which jails of a node had failures, oldest first. */
  hoursOf(nodeId: number, from: EpochMs): { jail: string; at: EpochMs }[]
  /** The newest match of the fleet. */
  lastMatch(): { at: EpochMs; node: string; jail: string } | null
  /** When each jail of a node last matched. */
  lastMatchesOf(nodeId: number): ReadonlyMap<string, EpochMs>
  /** Failures and bans by country in all spans from a moment on, the most first. */
  countries(span: Span, from: EpochMs, limit: number): CountryCount[]
  /** The addresses with the most failures in each of some spans; at most `limit` of each. */
  largest(span: Span, starts: readonly EpochMs[], limit: number): readonly AddressCount[]
  /** Some addresses in all of some spans together; one in which nothing happened is left out. */
  ofAddresses(ips: readonly string[], span: Span, starts: readonly EpochMs[]): AddressCount[]
  /** An address in each of some spans; spans in which nothing happened are left out. */
  ofAddress(ip: string, span: Span, starts: readonly EpochMs[]): SpanCount[]
  forget(span: Span, before: EpochMs): void
  /** Forgets at most `limit` counts of addresses from before a moment; answers how many. */
  forgetAddresses(span: Span, before: EpochMs, limit: number): number
}

import type { Verdict } from '@warder/core'
import type { Tried } from './runner.ts'

/** What a filter made of all lines together. */
export interface Summary {
  readonly verdicts: Readonly<Record<Verdict, number>>
  /** By failregex: how many lines it decided on. */
  readonly rules: ReadonlyMap<number, number>
  /** By ignoreregex: how many lines it took out. */
  readonly ignoring: ReadonlyMap<number, number>
  /** Addresses with their failures, most first. */
  readonly addresses: readonly (readonly [ip: string, failures: number])[]
}

/** Counts what was found. */
export function summaryOf(tried: readonly Tried[]): Summary {
  const verdicts = { matched: 0, ignored: 0, nameless: 0, noted: 0, missed: 0 }
  const rules = new Map<number, number>()
  const ignoring = new Map<number, number>()
  const addresses = new Map<string, number>()
  const count = <K>(counts: Map<K, number>, key: K | null): void => {
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  for (const { highlight } of tried) {
    verdicts[highlight.verdict]++
    count(ignoring, highlight.ignoredBy)
    if (highlight.ignoredBy === null) count(rules, highlight.rule)
    if (highlight.verdict === 'matched') count(addresses, highlight.ip)
  }
  return {
    verdicts,
    rules,
    ignoring,
    addresses: [...addresses].toSorted(([, one], [, other]) => other - one),
  }
}

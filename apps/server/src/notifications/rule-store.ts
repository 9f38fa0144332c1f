import type { EpochMs } from '@warder/core'
import type { RuleWish } from '@warder/protocol/api'
import type { Group } from './collapse.ts'
import type { Rule } from './match.ts'

/** Whose group it is: what a rule collected for a channel, of one sort. */
export interface GroupKey {
  readonly ruleId: number
  readonly channelId: number
  readonly family: string
}

/** Rules, what they have collected so far, and the troubles that are known. */
export interface RuleStore {
  all(): readonly Rule[]
  add(rule: RuleWish): number
  change(rule: Rule): void
  remove(id: number): void
  groups(): readonly (GroupKey & { readonly group: Group })[]
  keepGroup(key: GroupKey, group: Group | null): void
  troubles(): ReadonlyMap<string, EpochMs>
  beginTrouble(key: string, at: EpochMs): void
  endTrouble(key: string): void
}

import type { Enforced, FirewallPlan } from './firewall.ts'
import { familiesOf } from './nft-names.ts'

/**
 * What is in force on the node and for its guests → the bans in force. One that has to be in both and is in one of them
 * only, or with another end there, is in force partly.
 */
export function mergeFamilies(
  node: readonly Enforced[],
  guests: readonly Enforced[],
  plan: FirewallPlan,
): readonly Enforced[] {
  const inBoth = new Set(
    plan.jails.filter((jail) => familiesOf(jail, true).length > 1).map(({ name }) => name),
  )
  const there = new Map(guests.map((each) => [keyOf(each), each]))
  const here = new Set(node.map(keyOf))
  return [
    ...node.map((each): Enforced => {
      const other = there.get(keyOf(each))
      return !inBoth.has(each.jail) || (other && endsLike(each, other)) ? each : { ...each, partly: true }
    }),
    ...guests.filter((each) => !here.has(keyOf(each))).map((each): Enforced => ({ ...each, partly: true })),
  ]
}

const SAME_END_MS = 30_000

const keyOf = ({ jail, ip }: Enforced): string => `${jail} ${ip}`

const endsLike = (one: Enforced, other: Enforced): boolean =>
  one.until === null || other.until === null
    ? one.until === other.until
    : Math.abs(one.until - other.until) <= SAME_END_MS

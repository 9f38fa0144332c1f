import type { Ban, Effect, FirewallReport } from '@warder/core'
import type { Suspended } from '@warder/protocol'
import type { FirewallChange } from '../firewall/firewall.ts'
import { changesOf } from './changes.ts'

const NOBODY: readonly Ban[] = []
const NOTHING: readonly FirewallChange[] = []

/** Whom the firewall should hold now: nobody while enforcing is suspended, else whoever is banned. */
export const wantedIn = (suspended: Suspended | null, bans: readonly Ban[]): readonly Ban[] =>
  suspended === null ? bans : NOBODY

/** What effects mean for the firewall now. */
export const changesIn = (
  suspended: Suspended | null,
  effects: readonly Effect[],
): readonly FirewallChange[] => (suspended === null ? changesOf(effects) : NOTHING)

/** What is said of the firewall: that nothing is enforced, while it is so. */
export function reportIn(suspended: Suspended | null, report: FirewallReport): FirewallReport {
  if (suspended === null) return report
  const { until, by, reason } = suspended
  const why = reason === undefined ? '' : `: ${reason}`
  const moment = `${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const words = `Nothing is enforced until ${moment}, as ${by} wanted${why}`
  return { ...report, enforcing: false, reason: words.slice(0, 1_000) }
}

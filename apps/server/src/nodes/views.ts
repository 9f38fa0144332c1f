import type { Clock } from '@warder/daemon'
import type { Alarm, NodeView } from '@warder/protocol/api'
import type { BanStore } from '../bans/store.ts'
import type { Roster } from '../link/roster.ts'
import { HOUR_MS, MINUTE_MS, spanStart } from '../timeline/buckets.ts'
import type { CounterStore } from '../timeline/store.ts'
import type { TuningBook } from '../tuning/tuning.ts'
import type { NodeRow, ReportStore, StatusRow } from './store.ts'
import { nodeViewOf } from './view.ts'

export interface NodeViewParts {
  readonly clock: Clock
  readonly reports: ReportStore
  readonly roster: Roster
  readonly bans: BanStore
  readonly counters: CounterStore
  readonly tuning: TuningBook
  readonly alarms: (node: NodeRow, report: StatusRow | null) => Alarm[]
}

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((total, n) => total + n, 0)

/** `pve2` before `pve10`. */
export const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name.localeCompare(other.name, 'en', { numeric: true })

export type NodeViews = ReturnType<typeof makeNodeViews>

/** Nodes as the API and the live stream show them. */
export function makeNodeViews({ clock, reports, roster, bans, counters, tuning, alarms }: NodeViewParts) {
  return {
    of(node: NodeRow): NodeView {
      const now = clock.now()
      const report = reports.status(node.id)
      return nodeViewOf({
        node,
        onlineSince: roster.onlineSince(node.id),
        report,
        answer: reports.answer(node.id),
        wanted: tuning.newest().revision,
        alarms: roster.onlineSince(node.id) === null ? [] : alarms(node, report),
        activeBans: sum(bans.activeByJail(node.id, now)),
        failuresLastHour: sum(counters.failuresOf(node.id, spanStart(now - HOUR_MS, MINUTE_MS) + MINUTE_MS)),
      })
    },
  }
}

import { effectiveSettings } from '@warder/core'
import type { Clock } from '@warder/daemon'
import type { JailStatus } from '@warder/protocol'
import type { JailView } from '@warder/protocol/api'
import type { BanStore } from '../bans/store.ts'
import type { Roster } from '../link/roster.ts'
import { revisionStateOf } from '../nodes/revision-state.ts'
import type { NodeRow, ReportStore } from '../nodes/store.ts'
import { DAY_MS, MINUTE_MS, spanStart } from '../timeline/buckets.ts'
import type { CounterStore } from '../timeline/store.ts'
import type { TuningBook } from '../tuning/tuning.ts'

export interface JailViewParts {
  readonly clock: Clock
  readonly reports: ReportStore
  readonly roster: Roster
  readonly bans: BanStore
  readonly counters: CounterStore
  readonly tuning: TuningBook
}

const later = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other)

export type JailViews = ReturnType<typeof makeJailViews>

/** The jails of a node as the API and the live stream show them. */
export function makeJailViews({ clock, reports, roster, bans, counters, tuning }: JailViewParts) {
  /** What is said of the state while the node cannot be asked. */
  const stateOf = (node: NodeRow, jail: JailStatus): Pick<JailView, 'state' | 'reason'> =>
    roster.onlineSince(node.id) === null
      ? { state: 'unknown', reason: `${node.name} is offline; it last said "${jail.state}".` }
      : { state: jail.state, reason: jail.reason ?? null }

  return {
    ofNode(node: NodeRow): JailView[] {
      const status = reports.status(node.id)?.status
      if (!status) return []
      const now = clock.now()
      const { revision, document } = tuning.newest()
      const active = bans.activeByJail(node.id, now)
      const failures = counters.failuresOf(node.id, spanStart(now - DAY_MS, MINUTE_MS) + MINUTE_MS)
      const matches = counters.lastMatchesOf(node.id)
      const answered = revisionStateOf(revision, reports.answer(node.id), status.revision)
      const where = { node: node.name, cluster: node.cluster }
      return status.jails
        .map((jail): JailView => {
          const { settings: wanted, layers } = effectiveSettings(jail.configured, document, where, jail.name)
          return {
            node: node.name,
            jail: jail.name,
            filter: jail.filter,
            ...stateOf(node, jail),
            ports: jail.ports,
            sources: jail.sources,
            configured: jail.configured,
            wanted,
            effective: jail.effective,
            layers,
            revision: answered,
            local: jail.local ?? [],
            ipv6prefix: jail.ipv6prefix ?? null,
            aggregate: jail.aggregate ?? null,
            activeBans: active.get(jail.name) ?? 0,
            failuresLastDay: failures.get(jail.name) ?? 0,
            lastMatchAt: later(jail.lastMatchAt, matches.get(jail.name) ?? null),
          }
        })
        .toSorted((one, other) => one.jail.localeCompare(other.jail))
    },
  }
}

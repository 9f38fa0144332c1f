import type { Tuning } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import { isConfirmed, type Requester } from '../bans/lockout.ts'
import type { EventStore } from '../events/store.ts'
import type { NodeRow, ReportStore } from '../nodes/store.ts'
import { wouldBan } from './lockout.ts'
import { effectsOf, type Configured } from './propose.ts'

export interface GuardParts {
  readonly clock: Clock
  readonly events: EventStore
  readonly reports: ReportStore
}

/** A change that is asked for. */
export interface Asked {
  readonly before: Tuning
  readonly after: Tuning
  readonly nodes: readonly NodeRow[]
}

/** Most failures of one address that are looked at: nobody sets maxretry higher for a jail that is to ban. */
const LOOKED_AT = 1_000

/** The jails of nodes as their own files say, as far as they were reported. */
export const configuredOf = (reports: ReportStore, nodes: readonly NodeRow[]): readonly Configured[] =>
  nodes.flatMap((node) =>
    (reports.status(node.id)?.status.jails ?? []).map(({ name, configured }) => ({
      node,
      jail: name,
      configured,
    })),
  )

/** Makes the check whether a change would ban whoever asks for it. */
export function makeTuningGuard({ clock, events, reports }: GuardParts) {
  /** @throws AppError settings.self */
  return ({ before, after, nodes }: Asked, who: Requester): void => {
    if (isConfirmed(who)) return
    const now = clock.now()
    const ids = new Map(nodes.map(({ name, id }) => [name, id]))
    for (const effect of effectsOf(before, after, configuredOf(reports, nodes))) {
      const { node, jail } = effect
      const filter = { nodeId: ids.get(node) ?? null, jail, ip: who.address, kinds: ['failure.found'] }
      const failedAt = events
        .page(filter, null, LOOKED_AT)
        .flatMap(({ event }) => (event.kind === 'failure.found' ? [event.failedAt] : []))
      if (!wouldBan({ failedAt, before: effect.before, after: effect.after }, now)) continue
      throw new AppError(
        'settings.self',
        `${who.address}, the address you come from, failed so often in ${jail} on ${node} that it would be banned with these settings.`,
      )
    }
  }
}

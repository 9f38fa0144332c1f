import { changeTuning, overridesFor, type SettingsChange, type Tuning, type TuningLayer } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import { isConfirmed, type Requester } from '../bans/lockout.ts'
import type { EventStore } from '../events/store.ts'
import type { NodeRow, ReportStore } from '../nodes/store.ts'
import { wouldBan } from './lockout.ts'

export interface GuardParts {
  readonly clock: Clock
  readonly events: EventStore
  readonly reports: ReportStore
}

/** A change that is asked for, and the nodes that it is for. */
export interface Asked {
  readonly document: Tuning
  readonly layer: TuningLayer
  readonly jail: string
  readonly change: SettingsChange
  readonly nodes: readonly NodeRow[]
}

/** Most failures of one address that are looked at: nobody sets maxretry higher for a jail that is to ban. */
const LOOKED_AT = 1_000

/** Makes the check whether a change would ban whoever asks for it. */
export function makeTuningGuard({ clock, events, reports }: GuardParts) {
  /** @throws AppError settings.self */
  return ({ document, layer, jail, change, nodes }: Asked, who: Requester): void => {
    if (isConfirmed(who)) return
    const now = clock.now()
    const changed = changeTuning(document, layer, jail, change)
    for (const node of nodes) {
      const configured = reports.status(node.id)?.status.jails.find(({ name }) => name === jail)?.configured
      if (configured === undefined) continue
      const where = { node: node.name, cluster: node.cluster }
      const before = { ...configured, ...overridesFor(document, where)[jail] }
      const after = { ...configured, ...overridesFor(changed, where)[jail] }
      const filter = { nodeId: node.id, jail, ip: who.address, kinds: ['failure.found'] }
      const failedAt = events
        .page(filter, null, LOOKED_AT)
        .flatMap(({ event }) => (event.kind === 'failure.found' ? [event.failedAt] : []))
      if (!wouldBan({ failedAt, before, after }, now)) continue
      throw new AppError(
        'settings.self',
        `${who.address}, the address you come from, failed so often in ${jail} on ${node.name} that it would be banned with these settings.`,
      )
    }
  }
}

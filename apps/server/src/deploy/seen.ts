import type { Clock } from '@warder/daemon'
import type { Roster } from '../link/roster.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { ReportStore } from '../nodes/store.ts'
import { DeployError } from './problems.ts'
import type { Wellness } from './hands.ts'

const LOOK_MS = 250
/** How long an agent that was just started may take until it is well. */
const PATIENCE_MS = 60_000
/** How long a node that came back must stay: one that fails at once connects as well. */
const STEADY_MS = 5_000

export interface SeenParts {
  readonly clock: Clock
  readonly fleet: FleetNodes
  readonly roster: Roster
  readonly reports: ReportStore
}

/** A node as the server sees it at a moment. */
export interface Sight {
  readonly onlineSince: number | null
  readonly reportedAt: number | null
}

/** Whether a node is well: linked after a moment, has reported since, and has stayed for a while. */
export const isWellAt = ({ onlineSince, reportedAt }: Sight, since: number, now: number): boolean =>
  onlineSince !== null &&
  reportedAt !== null &&
  onlineSince >= since &&
  reportedAt >= since &&
  (since === 0 || now - onlineSince >= STEADY_MS)

/** Waits until a node is linked and has said how it is. @throws DeployError when it does not, or was cancelled */
export const makeSeen =
  ({ clock, fleet, roster, reports }: SeenParts) =>
  async (name: string, { since, signal }: Wellness): Promise<void> => {
    const end = clock.now() + PATIENCE_MS
    for (;;) {
      if (signal?.aborted === true) throw new DeployError('cancelled')
      const { id } = fleet.known(name)
      const sight = {
        onlineSince: roster.onlineSince(id),
        reportedAt: reports.status(id)?.receivedAt ?? null,
      }
      if (isWellAt(sight, since, clock.now())) return
      if (clock.now() > end) throw new DeployError('no-report')
      const { promise, resolve } = Promise.withResolvers<void>()
      using _ = clock.after(LOOK_MS, resolve)
      await promise
    }
  }

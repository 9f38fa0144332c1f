import type { Clock } from '@warder/daemon'
import type { Roster } from '../link/roster.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { ReportStore } from '../nodes/store.ts'
import { DeployError } from './ssh.ts'

const LOOK_MS = 250
/** How long an agent that was just started may take until its first report. */
const PATIENCE_MS = 60_000

export interface SeenParts {
  readonly clock: Clock
  readonly fleet: FleetNodes
  readonly roster: Roster
  readonly reports: ReportStore
}

/** Waits until a node is linked and has said how it is. @throws DeployError when it does not, or was cancelled */
export const makeSeen =
  ({ clock, fleet, roster, reports }: SeenParts) =>
  async (name: string, signal: AbortSignal): Promise<void> => {
    const end = clock.now() + PATIENCE_MS
    for (;;) {
      if (signal.aborted) throw new DeployError('It was cancelled.')
      const node = fleet.known(name)
      if (roster.onlineSince(node.id) !== null && reports.status(node.id) !== null) return
      if (clock.now() > end)
        throw new DeployError(
          'The agent runs and does not report. Can the host reach this server at the address that was given?',
        )
      const { promise, resolve } = Promise.withResolvers<void>()
      using _ = clock.after(LOOK_MS, resolve)
      await promise
    }
  }

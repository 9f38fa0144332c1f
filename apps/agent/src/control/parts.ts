import type { Ban, NodeEvent, Offence, Order } from '@warder/core'
import type { Clock } from '@warder/daemon'
import type { NodeStatus } from '@warder/protocol'
import type { ControlRequest, JailDetail } from '@warder/protocol/control'
import type { Doctor } from '../doctor/doctor.ts'
import type { LocalAllowed } from '../lists/held.ts'
import type { LocalChange } from '../settings/local.ts'
import type { Offences } from '../state/offences.ts'
import type { Suspender } from '../suspension/suspender.ts'

/** Who gives an order from the node's own command line. */
export const BY = 'command line'
export const ORDER_LIVES_MS = 60_000

/** What the answers are made from. */
export interface AnswerParts {
  readonly clock: Clock
  readonly offences: Offences
  /** Without the log lines and users of their tickets. */
  readonly bans: () => readonly Ban[]
  /** One with all that is known of it. */
  readonly whole: (ban: Ban) => Ban
  readonly jails: () => readonly string[]
  readonly suspender: Pick<Suspender, 'take' | 'resume' | 'current'>
  readonly allowed: () => readonly LocalAllowed[]
  readonly allow: (change: (before: readonly LocalAllowed[]) => readonly LocalAllowed[]) => Promise<void>
  readonly order: (order: Order) => Promise<readonly NodeEvent[]>
  readonly takeOver: (orders: readonly Order[], past: readonly Offence[]) => Promise<readonly NodeEvent[]>
  /** A jail that is to run, by its name. */
  readonly jail: (name: string) => JailDetail | null
  /** Changes a jail on this node → why not, or null. */
  readonly tune: (jail: string, change: LocalChange) => Promise<string | null>
  /** Reads the configuration again → its problems. */
  readonly reload: () => Promise<readonly string[]>
  readonly doctor: Pick<Doctor, 'run'>
  readonly status: () => {
    readonly node: string | null
    readonly server: string | null
    readonly link: string
    readonly report: NodeStatus
  }
}

export type Of<V extends ControlRequest['verb']> = Extract<ControlRequest, { verb: V }>

/** How many bans were made or lifted. */
export const changedBy = (events: readonly NodeEvent[]): number =>
  events.reduce((sum, event) => sum + (event.kind === 'order.finished' ? event.changed : 0), 0)

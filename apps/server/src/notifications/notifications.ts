import type { EpochMs } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import type { NodeStatus } from '@warder/protocol'
import type { Alarm, EventView } from '@warder/protocol/api'
import type { Transaction } from '../storage/transaction.ts'
import type { Egress } from '../egress/egress.ts'
import type { Resolve } from '../egress/resolve.ts'
import type { Roster } from '../link/roster.ts'
import type { NodeStore } from '../nodes/store.ts'
import type { ChannelStore } from './channel-store.ts'
import { Courier } from './courier.ts'
import type { DeliveryStore } from './delivery-store.ts'
import { Desk } from './desk.ts'
import type { Notice } from './notice.ts'
import { noticeOf } from './of-event.ts'
import type { RuleStore } from './rule-store.ts'
import { makeSend } from './send.ts'
import type { SilenceStore } from './silence-store.ts'
import { Watch } from './watch.ts'

/** How often is looked for what is due, and for nodes that are lost (ms). */
const EVERY_MS = 15_000
/** For how long the log of deliveries is kept (ms), and how many at most. */
const KEPT_MS = 30 * 86_400_000
const KEPT = 10_000
const FORGET_EVERY_MS = 3_600_000

export interface NotificationParts {
  readonly clock: Clock
  readonly log: Logger
  readonly transaction: Transaction
  readonly nodes: NodeStore
  readonly roster: Roster
  readonly channels: ChannelStore
  readonly rules: RuleStore
  readonly deliveries: DeliveryStore
  readonly silence: SilenceStore
  readonly egress: Egress
  readonly resolve: Resolve
  /** The fingerprint of this server, so that what it sends has ids of its own. */
  readonly fingerprint: string
}

export type Notifications = ReturnType<typeof makeNotifications>

/** Tells people what happened: takes facts in, decides with the rules, delivers. Starts at once; `stop` ends it. */
export function makeNotifications(parts: NotificationParts) {
  const { clock, log, channels, deliveries } = parts
  const send = makeSend(parts)
  const courier = new Courier({ clock, log, channels, deliveries, send, mark: parts.fingerprint.slice(0, 8) })
  const desk = new Desk({ ...parts, onWaiting: () => courier.wake() })
  let waiting: Notice[] = []
  /** Nobody who reports a fact must suffer when it cannot be told. */
  const carefully = (work: () => void): void => {
    try {
      work()
    } catch (err) {
      log.error({ err }, 'what happened could not be told')
    }
  }
  const flush = (): void => {
    const notices = waiting
    waiting = []
    if (notices.length > 0) carefully(() => desk.take(notices))
  }
  // Many batches of events arrive in one turn: they are written as one.
  const take = (notices: readonly Notice[]): void => {
    if (notices.length === 0 || desk.rules.length === 0) return
    if (waiting.length === 0) setImmediate(flush)
    waiting.push(...notices)
  }
  const watch = new Watch({ ...parts, onNotices: take })
  const timers = [
    clock.every(EVERY_MS, () =>
      carefully(() => {
        if (desk.rules.length > 0) {
          watch.look()
          flush()
          desk.tick()
        }
        courier.wake()
      }),
    ),
    clock.every(FORGET_EVERY_MS, () => carefully(() => deliveries.forget(clock.now() - KEPT_MS, KEPT))),
  ]
  return {
    desk,
    courier,
    /** These events of a node are history. */
    happened(events: readonly EventView[]): void {
      if (desk.rules.length === 0) return
      take(events.flatMap(({ node, at, event }) => noticeOf(node, at, event) ?? []))
    },
    /** A node has reported. */
    reported: (node: { readonly id: number; readonly name: string }, status: NodeStatus): void =>
      carefully(() => watch.reported(node, status)),
    /** How a node's alarms are now. */
    alarmed: (node: { readonly id: number; readonly name: string }, alarms: readonly Alarm[]): void =>
      carefully(() => watch.alarmed(node, alarms)),
    removed: (nodeId: number): void => carefully(() => watch.removed(nodeId)),
    /** Somebody did not get in at the server itself. */
    signInFailed: ({ at, address }: { readonly at: EpochMs; readonly address: string }): void =>
      take([
        {
          topic: 'sign-in-failed',
          at,
          node: null,
          jail: null,
          ip: address,
          title: `Somebody at ${address} failed to sign in at the server`,
          detail: null,
        },
      ]),
    stop(): void {
      for (const timer of timers) timer[Symbol.dispose]()
      flush()
      courier.stop()
    },
  }
}

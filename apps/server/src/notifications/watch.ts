import type { EpochMs } from '@warder/core'
import type { Clock } from '@warder/daemon'
import type { NodeStatus } from '@warder/protocol'
import type { Alarm } from '@warder/protocol/api'
import type { NodeStore } from '../nodes/store.ts'
import type { Roster } from '../link/roster.ts'
import type { Notice } from './notice.ts'
import type { RuleStore } from './rule-store.ts'
import { turnsOfAlarms, turnsOfPresence, turnsOfStatus, troublesOf, type Turn } from './troubles.ts'

export interface WatchParts {
  readonly clock: Clock
  readonly nodes: NodeStore
  readonly roster: Roster
  readonly rules: RuleStore
  onNotices(notices: readonly Notice[]): void
}

/** Looks after what has a beginning and an end: nodes that are lost, jails that failed. */
export class Watch {
  readonly #parts: WatchParts
  readonly #since: EpochMs
  readonly #known: Map<string, EpochMs>

  constructor(parts: WatchParts) {
    this.#parts = parts
    this.#since = parts.clock.now()
    this.#known = new Map(parts.rules.troubles())
  }

  /** Looks at which nodes are there. */
  look(): void {
    const { clock, nodes, roster } = this.#parts
    const present = nodes.all().map(({ id, name, lastSeenAt }) => ({
      id,
      name,
      lastSeenAt,
      online: roster.onlineSince(id) !== null,
    }))
    this.#turn(turnsOfPresence(present, this.#known, { now: clock.now(), since: this.#since }))
  }

  /** A node has reported. */
  reported(node: { readonly id: number; readonly name: string }, status: NodeStatus): void {
    this.#turn(turnsOfStatus(node, status, { known: this.#known, now: this.#parts.clock.now() }))
  }

  /** How a node's alarms are now. */
  alarmed(node: { readonly id: number; readonly name: string }, alarms: readonly Alarm[]): void {
    this.#turn(turnsOfAlarms(node, alarms, { known: this.#known, now: this.#parts.clock.now() }))
  }

  /** A node was removed: nobody waits for the end of its troubles. */
  removed(nodeId: number): void {
    const keys = [...this.#known.keys()].filter((key) => key.startsWith(troublesOf(nodeId)))
    this.#turn(keys.map((key) => ({ key, begins: false, since: 0, notice: null })))
  }

  #turn(turns: readonly Turn[]): void {
    const { rules } = this.#parts
    for (const { key, begins, since } of turns) {
      if (begins) {
        this.#known.set(key, since)
        rules.beginTrouble(key, since)
      } else {
        this.#known.delete(key)
        rules.endTrouble(key)
      }
    }
    const notices = turns.flatMap(({ notice }) => notice ?? [])
    if (notices.length > 0) this.#parts.onNotices(notices)
  }
}

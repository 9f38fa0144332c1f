import type { Clock } from '@warder/daemon'
import { LISTS_SINCE, type Operators } from '@warder/protocol'
import type { Roster } from '../link/roster.ts'
import { Presence, type KnownSession } from './presence.ts'

/** How often nodes are told anew while somebody is there (ms): well before what they know ends. */
const RENEW_MS = 5 * 60_000

export interface TellParts {
  readonly clock: Clock
  readonly roster: Roster
  /** Sessions that were in use before a restart. */
  readonly known: readonly KnownSession[]
}

/** Tells nodes who is at the dashboard: at every change, now and then while it lasts, and to nodes that come back. */
export function tellPresence({ clock, roster, known }: TellParts) {
  const send = (nodeId: number, operators: Operators): void => {
    if ((roster.versionOf(nodeId) ?? 0) >= LISTS_SINCE) roster.send(nodeId, { kind: 'operators', operators })
  }
  const tellAll = (): void => {
    const operators = presence.addresses(clock.now())
    for (const nodeId of roster.nodes) send(nodeId, operators)
  }
  const presence = new Presence(tellAll, known)
  const timer = clock.every(RENEW_MS, tellAll)
  return {
    presence,
    /** A node is there from now on. */
    welcome: (nodeId: number): void => send(nodeId, presence.addresses(clock.now())),
    stop: (): void => timer[Symbol.dispose](),
  }
}

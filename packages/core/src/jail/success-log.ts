import type { NodeEvent } from '../engine/event.ts'
import type { EpochMs } from '../time/epoch.ts'

/** A login that went well. */
export interface Success {
  readonly jail: string
  readonly ip: string
  readonly at: EpochMs
  /** As written in the log, bounded. */
  readonly user?: string
}

/** How long logins of an address at a jail are gathered before they are told of again. */
const HOUR_MS = 3_600_000
/** Most addresses that are remembered; beyond that what the oldest gathered is told early. */
const MOST_KEPT = 10_000

interface Gathered {
  readonly toldAt: EpochMs
  /** The newest login that was not told of, and how many there are. */
  last: Success | null
  count: number
}

const eventOf = ({ jail, ip, at, user }: Success, count: number): NodeEvent =>
  user === undefined
    ? { kind: 'success.found', jail, ip, succeededAt: at, count }
    : { kind: 'success.found', jail, ip, succeededAt: at, user, count }

/**
 * Successful logins, so that a node with very many of them tells few: the first one of an address at a jail is told at
 * once, and what comes within an hour as one event with their number.
 */
export class SuccessLog {
  /** In order of telling, so the first one is the oldest. */
  readonly #gathered = new Map<string, Gathered>()

  /** Takes a login → what is to be told now. */
  take(success: Success, now: EpochMs): readonly NodeEvent[] {
    const key = `${success.jail} ${success.ip}`
    const known = this.#gathered.get(key)
    if (known !== undefined && now - known.toldAt < HOUR_MS) {
      known.last = success
      known.count++
      return []
    }
    const count = 1 + (known?.count ?? 0)
    this.#put(key, now)
    return [eventOf(success, count), ...this.#dropOldest()]
  }

  /** What was gathered in hours that are over. */
  due(now: EpochMs): readonly NodeEvent[] {
    const due: NodeEvent[] = []
    for (const [key, { toldAt, last, count }] of this.#gathered) {
      if (now - toldAt < HOUR_MS) break
      if (last === null) this.#gathered.delete(key)
      else {
        due.push(eventOf(last, count))
        this.#put(key, now)
      }
    }
    return due
  }

  #put(key: string, now: EpochMs): void {
    this.#gathered.delete(key)
    this.#gathered.set(key, { toldAt: now, last: null, count: 0 })
  }

  #dropOldest(): readonly NodeEvent[] {
    for (const [key, { last, count }] of this.#gathered) {
      if (this.#gathered.size <= MOST_KEPT) break
      this.#gathered.delete(key)
      if (last !== null) return [eventOf(last, count)]
    }
    return []
  }
}

import {
  FailureTracker,
  isSubnet,
  networkOf,
  type EpochMs,
  type Failure,
  type JailSettings,
  type Ticket,
} from '@warder/core'

/** How many lines of evidence are kept of an address. */
const MAXMATCHES = 5
/** Most addresses of which it is known where they failed; beyond that those are forgotten that failed longest ago. */
const MOST_ADDRESSES = 100_000

/** A failure that a node reports, its time by the server's clock. */
export interface Seen {
  readonly cluster: string
  readonly nodeId: number
  readonly failure: Failure
  /** Of the jail on that node: they decide on this failure. */
  readonly settings: Pick<JailSettings, 'maxretry' | 'findtime'>
}

/** Failures that reached maxretry together, and the nodes that saw them inside findtime. */
export interface Reached {
  readonly ticket: Ticket
  readonly nodeIds: readonly number[]
}

interface Counted {
  readonly tracker: FailureTracker
  /** By address and node: when it last failed there. The address that failed last is at the end. */
  readonly seenOn: Map<string, Map<number, EpochMs>>
}

/** Adds up the failures of an address over the nodes of a cluster, jail by jail, as each node does for itself. */
export class Together {
  readonly #counted = new Map<string, Counted>()
  /** The lengths of the IPv6 prefixes that were counted. */
  readonly #prefixes = new Set<number>()

  /** Counts a failure; what it reaches with others. One that is older than findtime does not count. */
  count({ cluster, nodeId, failure, settings }: Seen, now: EpochMs): Reached | null {
    const oldest = now - settings.findtime * 1_000
    if (failure.at < oldest) return null
    const counted = this.#of(cluster, failure.jail)
    counted.tracker.follow({ ...settings, maxmatches: MAXMATCHES })
    const places = this.#noteNode(counted, { ip: failure.ip, nodeId, at: failure.at })
    const due = counted.tracker.count(failure, now)
    if (due === null) return null
    counted.seenOn.delete(failure.ip)
    const nodeIds = [...places].filter(([, at]) => at >= oldest).map(([id]) => id)
    return { ticket: due.ticket(), nodeIds }
  }

  /** Counts without deciding: what was known before a restart. */
  add({ cluster, nodeId, failure, settings }: Seen): void {
    const counted = this.#of(cluster, failure.jail)
    counted.tracker.follow({ ...settings, maxmatches: MAXMATCHES })
    counted.tracker.add(failure)
    this.#noteNode(counted, { ip: failure.ip, nodeId, at: failure.at })
  }

  /** Forgets an address in one jail of a cluster: it is banned, or was lifted. */
  forget(cluster: string, jail: string, ip: string): void {
    const counted = this.#counted.get(`${cluster}\n${jail}`)
    counted?.tracker.forget([ip])
    counted?.seenOn.delete(ip)
  }

  /** Forgets targets everywhere, and prefixes that count for one of them; null: every jail. */
  forgetAll(targets: readonly string[], jail: string | null): void {
    const prefixes = targets.flatMap((ip) => [...this.#prefixes].map((length) => networkOf(ip, length)))
    const meant = [...new Set([...targets, ...prefixes])]
    for (const [key, { tracker, seenOn }] of this.#counted) {
      if (jail !== null && !key.endsWith(`\n${jail}`)) continue
      tracker.forget(meant)
      for (const ip of meant) seenOn.delete(ip)
    }
  }

  /** Frees what can no longer lead to a ban. */
  tidy(now: EpochMs, longestMs: number): void {
    for (const { tracker, seenOn } of this.#counted.values()) {
      tracker.tidy(now)
      for (const [ip, places] of seenOn) {
        if (Math.max(...places.values()) >= now - longestMs) break
        seenOn.delete(ip)
      }
    }
  }

  #of(cluster: string, jail: string): Counted {
    const key = `${cluster}\n${jail}`
    const known = this.#counted.get(key)
    if (known !== undefined) return known
    const limits = { maxretry: 1, findtime: 1, maxmatches: MAXMATCHES }
    const made = { tracker: new FailureTracker(limits), seenOn: new Map<string, Map<number, EpochMs>>() }
    this.#counted.set(key, made)
    return made
  }

  #noteNode(
    { seenOn }: Counted,
    { ip, nodeId, at }: { ip: string; nodeId: number; at: EpochMs },
  ): ReadonlyMap<number, EpochMs> {
    if (isSubnet(ip)) this.#prefixes.add(Number(ip.split('/')[1]))
    const places = seenOn.get(ip) ?? new Map<number, EpochMs>()
    places.set(nodeId, Math.max(at, places.get(nodeId) ?? 0))
    seenOn.delete(ip)
    seenOn.set(ip, places)
    const oldest = seenOn.size > MOST_ADDRESSES ? seenOn.keys().next().value : undefined
    if (oldest !== undefined) seenOn.delete(oldest)
    return places
  }
}

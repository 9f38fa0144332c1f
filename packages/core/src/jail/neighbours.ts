import type { Ban, Ticket } from '../ban/ban.ts'
import type { BanList } from '../ban/ban-list.ts'
import { explainBan } from '../ban/explain.ts'
import { neighbourhoodOf } from '../ban/whole.ts'
import { contains, isSubnet } from '../ip/cidr.ts'
import { boundText, EVIDENCE_LIMIT } from '../line/bound.ts'
import type { EpochMs, Seconds } from '../time/epoch.ts'
import type { JailDefinition } from './definition.ts'

/** Most neighbourhoods that are kept in mind; beyond that those are forgotten that were banned in longest ago. */
const MOST_NEIGHBOURHOODS = 100_000

/** How many neighbours lead to a ban of all, within what time, and how many lines say who they were. */
interface Limits {
  readonly aggregate: number
  readonly findtime: Seconds
  readonly maxmatches: number
}

/** A neighbourhood of which enough are banned, and the evidence. */
export interface Gathered {
  readonly ip: string
  readonly ticket: Ticket
}

/** A ban of one neighbour: until when its failures went on, and what is said of it. */
interface Neighbour {
  readonly at: EpochMs
  readonly line: string
}

/** Counts the bans of a jail by neighbourhood, until enough of them stand for all of it. */
export class Neighbours {
  /** Null where a jail bans nobody for their neighbours. */
  readonly #limits: Limits | null
  /** In order of the last ban, so the first one is the oldest. */
  readonly #all: Map<string, Map<string, Neighbour>>
  /** Whether it has to be told of bans in force, which it did not count when they were made. */
  readonly isNew: boolean

  /** `before`: those of the same jail under the last plan, whose counts go on. */
  constructor({ aggregate, maxmatches, settings }: JailDefinition, before: Neighbours | null) {
    this.#limits = aggregate === undefined ? null : { aggregate, maxmatches, findtime: settings.findtime }
    this.isNew = this.#limits !== null && (before === null || before.#limits === null)
    this.#all = this.isNew || before === null ? new Map() : before.#all
  }

  /** Notes a ban of the jail; who is to be banned with it. Those that were gathered are not counted again. */
  count(ban: Ban): Gathered | null {
    const limits = this.#limits
    const ip = limits === null ? null : this.#note(ban, limits)
    const known = ip === null ? undefined : this.#all.get(ip)
    if (limits === null || ip === null || known === undefined || known.size < limits.aggregate) return null
    this.#all.delete(ip)
    return { ip, ticket: ticketOf([...known.values()], limits) }
  }

  /** The ban in force of all neighbours of an address; null where there is none. */
  wholeOf(ip: string, jail: string, bans: BanList): Ban | null {
    const neighbourhood = this.#limits === null ? null : neighbourhoodOf(ip)
    return neighbourhood === null ? null : bans.get(jail, neighbourhood)
  }

  /** Notes bans in force without deciding; not those that led to the ban of their neighbourhood. */
  restore(bans: readonly Ban[]): void {
    if (this.#limits === null) return
    const wholes = new Map(bans.filter(({ ip }) => isSubnet(ip)).map(({ ip, at }) => [ip, at]))
    for (const ban of bans.toSorted((one, other) => timeOf(one) - timeOf(other))) {
      const wholeAt = wholes.get(neighbourhoodOf(ban.ip) ?? '')
      if (wholeAt === undefined || ban.at > wholeAt) this.#note(ban, this.#limits)
    }
  }

  /** Forgets the neighbourhoods of targets, or (null) all: whoever lifts a ban says that somebody else lives there. */
  forget(targets: readonly string[] | null): void {
    if (targets === null) return this.#all.clear()
    for (const target of targets) {
      this.#all.delete(neighbourhoodOf(target) ?? target)
      if (!isSubnet(target)) continue
      for (const ip of this.#all.keys()) if (contains(target, ip)) this.#all.delete(ip)
    }
  }

  /** Frees what can no longer lead to a ban. */
  tidy(oldest: EpochMs): void {
    for (const [ip, known] of this.#all) {
      for (const [neighbour, { at }] of known) if (at < oldest) known.delete(neighbour)
      if (known.size === 0) this.#all.delete(ip)
    }
  }

  /** The neighbourhood it was noted in; null where it has none, or counts for nothing. */
  #note(ban: Ban, { findtime }: Limits): string | null {
    const ip = neighbourhoodOf(ban.ip)
    if (ip === null || (ban.origin !== 'detected' && ban.origin !== 'shared')) return null
    const known = this.#all.get(ip) ?? new Map<string, Neighbour>()
    known.set(ban.ip, { at: timeOf(ban), line: boundText(`${ban.ip}: ${explainBan(ban)}`, EVIDENCE_LIMIT) })
    const oldestThatCounts = Math.max(...[...known.values()].map(({ at }) => at)) - findtime * 1_000
    for (const [neighbour, { at }] of known) if (at < oldestThatCounts) known.delete(neighbour)
    this.#all.delete(ip)
    this.#all.set(ip, known)
    const oldest = this.#all.size > MOST_NEIGHBOURHOODS ? this.#all.keys().next().value : undefined
    if (oldest !== undefined) this.#all.delete(oldest)
    return ip
  }
}

/** As with failures it counts when they were, not when they were read. */
const timeOf = ({ ticket, at }: Ban): EpochMs => Math.min(ticket?.last ?? at, at)

function ticketOf(known: readonly Neighbour[], { aggregate, findtime, maxmatches }: Limits): Ticket {
  const times = known.map(({ at }) => at)
  return {
    failures: known.length,
    counts: 'neighbours',
    first: Math.min(...times),
    last: Math.max(...times),
    maxretry: aggregate,
    findtime,
    users: [],
    lines: maxmatches === 0 ? [] : known.slice(-maxmatches).map(({ line }) => line),
  }
}

import type { BanView, EventView } from '@warder/protocol/api'
import type { BanQuery } from '../routes.ts'
import { fits, groupBans, groupOf, placeOf, viewOf, type BanGroup } from './ban-list.ts'

/** Past bans may lie at one place many times, active ones only once: live ones have no number of history yet. */
const keyOf = (ban: BanView): string => (ban.active ? placeOf(ban) : String(ban.id))

/**
 * The rows of a table of bans, newest first. A further page or an event costs what it brings, not what is there: a table
 * may hold a hundred thousand. Rows that do not change stay the same objects, so that they are not drawn again.
 */
export class BanRows {
  readonly #byIp: Map<string, BanGroup>
  #groups: readonly BanGroup[]

  constructor(bans: readonly BanView[] = []) {
    this.#groups = groupBans(bans)
    this.#byIp = new Map(this.#groups.map((group) => [group.ip, group]))
  }

  get groups(): readonly BanGroup[] {
    return this.#groups
  }

  has(ip: string): boolean {
    return this.#byIp.has(ip)
  }

  /** Adds a further page at the end; what came in live meanwhile is not doubled. */
  add(page: readonly BanView[]): void {
    const behind: BanGroup[] = []
    const changed = new Map<string, BanGroup | null>()
    for (const group of groupBans(page)) {
      const there = this.#byIp.get(group.ip)
      if (there === undefined) behind.push(group)
      else {
        const known = new Set(there.bans.map(keyOf))
        const more = group.bans.filter((ban) => !known.has(keyOf(ban)))
        if (more.length > 0) changed.set(group.ip, groupOf(group.ip, [...there.bans, ...more]))
      }
    }
    this.#take([], changed, behind)
  }

  /**
   * Takes events, as many as there are: they come by the thousand when a list is banned. The row of a new ban goes to the
   * top, one that changed stays where it is. False: none of them concerns a table of active bans that `query` shows.
   */
  apply(events: readonly EventView[], query: BanQuery): boolean {
    const work = new Map<string, Map<string, BanView>>()
    const top = new Set<string>()
    for (const view of events) {
      const { event, node } = view
      if (event.kind === 'ban.added' || event.kind === 'ban.extended') {
        const ban = viewOf(view)
        if (ban === null || !fits(ban, query)) continue
        const own = this.#bansOf(ban.ip, work)
        const before = own.get(placeOf(ban))
        own.set(placeOf(ban), before === undefined ? ban : { ...ban, id: before.id, place: before.place })
        work.set(ban.ip, own)
        if (before !== undefined) continue
        top.delete(ban.ip)
        top.add(ban.ip)
      } else if (event.kind === 'ban.lifted' || event.kind === 'ban.expired') {
        const own = this.#bansOf(event.ip, work)
        if (own.delete(placeOf({ node, jail: event.jail, ip: event.ip }))) work.set(event.ip, own)
      }
    }
    if (work.size === 0) return false
    const changed = new Map<string, BanGroup | null>()
    for (const [ip, own] of work) changed.set(ip, own.size === 0 ? null : groupOf(ip, [...own.values()]))
    const first = [...top].reverse().flatMap((ip) => changed.get(ip) ?? [])
    for (const ip of top) changed.set(ip, null)
    this.#take(first, changed, [])
    return true
  }

  /** The bans of an address by their places, as they are after the events so far. */
  #bansOf(ip: string, work: ReadonlyMap<string, Map<string, BanView>>): Map<string, BanView> {
    return work.get(ip) ?? new Map(this.#byIp.get(ip)?.bans.map((ban) => [placeOf(ban), ban]))
  }

  /** What stands before and behind all others, and rows that are others now, or none (null). */
  #take(
    first: readonly BanGroup[],
    changed: ReadonlyMap<string, BanGroup | null>,
    behind: readonly BanGroup[],
  ): void {
    const left =
      changed.size === 0
        ? this.#groups
        : this.#groups.flatMap((group) => {
            const now = changed.get(group.ip)
            return now === undefined ? group : (now ?? [])
          })
    this.#groups = [...first, ...left, ...behind]
    for (const [ip, group] of changed) {
      if (group === null) this.#byIp.delete(ip)
      else this.#byIp.set(ip, group)
    }
    for (const group of [...first, ...behind]) this.#byIp.set(group.ip, group)
  }
}

import type { EventView } from '@warder/protocol/api'
import type { Api, BansAsk } from '../api/client.ts'
import { problemFrom, type Problem } from '../api/problem.ts'
import { searchedTarget } from '../format/address.ts'
import { ALL_BANS, type BanQuery } from '../routes.ts'
import { wordsAsked } from './words.ts'
import { fits, viewOf, type BanGroup } from './ban-list.ts'
import { BanRows } from './ban-rows.ts'

const PAGE = 200
/** More rows than these come and go at once: to move each would only hold everything up. */
const MOVING = 20

/** The table of bans: the pages that were read, kept true by the live stream. */
export class BanTable {
  query = $state.raw<BanQuery>(ALL_BANS)
  groups = $state.raw<readonly BanGroup[]>([])
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state.raw<Problem | null>(null)
  /** Where the next page begins; null when all is here. */
  next = $state<string | null>(null)
  loadingMore = $state(false)
  /** Bans that wait for the list to come to rest, so that rows do not move under a hand. */
  held = $state.raw<readonly EventView[]>([])
  /** Whether so many rows came or went last that they do it without moving. */
  abrupt = false
  /** While true, new bans are held. */
  resting = true
  readonly #api: Api
  #rows = new BanRows()
  #asked = 0
  /** What came in live while a page was on its way: it may be newer than the page. Null when none is. */
  #early: EventView[] | null = null

  constructor(api: Api) {
    this.#api = api
  }

  /** Shows what a query asks for; the rows of another query are cleared at once. */
  async show(query: BanQuery): Promise<void> {
    this.query = query
    this.#set(new BanRows())
    this.status = 'loading'
    await this.load()
  }

  /** Reads the first page anew; what is there stays until it has come. */
  async load(): Promise<void> {
    const asked = ++this.#asked
    this.#early = []
    try {
      const page = await this.#api.bans(this.#ask(null))
      if (asked !== this.#asked) return
      this.held = []
      const rows = new BanRows(page.rows)
      if (this.query.state === 'active') rows.apply(this.#early, this.query)
      this.#set(rows)
      this.next = page.next
      this.status = 'ready'
      this.problem = null
    } catch (error) {
      if (asked !== this.#asked) return
      this.problem = problemFrom(error)
      if (this.status === 'loading') this.status = 'failed'
    } finally {
      if (asked === this.#asked) this.#early = null
    }
  }

  async retry(): Promise<void> {
    this.status = 'loading'
    await this.load()
  }

  /** Reads the next page, if there is one. */
  async more(): Promise<void> {
    if (this.next === null || this.loadingMore) return
    const asked = this.#asked
    this.loadingMore = true
    try {
      const page = await this.#api.bans(this.#ask(this.next))
      if (asked !== this.#asked) return
      this.#rows.add(page.rows)
      this.#set(this.#rows)
      this.next = page.next
    } catch (error) {
      this.problem = problemFrom(error)
    } finally {
      this.loadingMore = false
    }
  }

  /** Takes events of the live stream. */
  receive(events: readonly EventView[]): void {
    this.#early?.push(...events)
    if (this.status !== 'ready') return
    if (this.query.state === 'past') {
      const ended = events.filter(({ event }) => event.kind === 'ban.lifted' || event.kind === 'ban.expired')
      if (ended.length === 0) return
      if (this.resting) void this.load()
      else this.held = [...this.held, ...ended]
      return
    }
    const { true: held = [], false: shown = [] } = this.#parted(events)
    if (held.length > 0) this.held = [...this.held, ...held]
    if (this.#rows.apply(shown, this.query)) this.#set(this.#rows)
  }

  /** Lets in what was held. */
  release(): void {
    if (this.held.length === 0) return
    const { held } = this
    this.held = []
    if (this.query.state === 'past') void this.load()
    else if (this.#rows.apply(held, this.query)) this.#set(this.#rows)
  }

  /** Events of addresses that are new to the list, which are held while it is not at rest, and all others. */
  #parted(events: readonly EventView[]): Partial<Record<'true' | 'false', readonly EventView[]>> {
    if (this.resting) return { false: events }
    return Object.groupBy(events, (view) => {
      const ban = view.event.kind === 'ban.added' ? viewOf(view) : null
      return ban !== null && fits(ban, this.query) && !this.has(ban.ip) ? 'true' : 'false'
    })
  }

  /** Whether an address has a row; follows `groups`. */
  has(ip: string): boolean {
    return this.groups.length > 0 && this.#rows.has(ip)
  }

  #set(rows: BanRows): void {
    const before = this.groups.length
    this.#rows = rows
    this.groups = rows.groups
    this.abrupt = Math.abs(this.groups.length - before) > MOVING
  }

  #ask(cursor: string | null): BansAsk {
    const { state, search, node, jail } = this.query
    const target = searchedTarget(search)
    const text = target === null ? wordsAsked(search) : { ip: target }
    return { ...text, node, jail, active: state === 'active', cursor, limit: PAGE }
  }
}

import type { AddressView, BanView, EventView, ListView } from '@warder/protocol/api'
import type { Api } from '../api/client.ts'
import { problemFrom, type Problem } from '../api/problem.ts'
import { concerns, holding, logQuery, passes, type LogFilter, type OnList } from './address-log.ts'
import { Pages } from './pages.svelte.ts'

/** How far back the days of an address are shown, in hours. */
const DAYS_HOURS = 24 * 30
const PAGE = 50
const MOST_BANS = 200
/** Most lists that are looked through. */
const MOST_LISTS = 40
/** How long it waits for more events before it asks anew, in ms. */
const SOON_MS = 500

/** All that is known of one address or subnet, kept true by the live stream. */
export class AddressPage {
  readonly ip: string
  /** What is banned now. */
  bans = $state.raw<readonly BanView[]>([])
  about = $state.raw<AddressView | null>(null)
  onLists = $state.raw<readonly OnList[]>([])
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state.raw<Problem | null>(null)
  filter = $state.raw<LogFilter>({ kind: 'all', node: null })
  log: Pages<EventView>
  readonly past: Pages<BanView>
  readonly #api: Api
  readonly #lists: () => Promise<readonly ListView[]>
  #soon: ReturnType<typeof setTimeout> | null = null

  /** Reads at once. `lists`: all lists that there are. */
  constructor(api: Api, ip: string, lists: () => Promise<readonly ListView[]>) {
    this.#api = api
    this.ip = ip
    this.#lists = lists
    this.log = $state.raw(this.#newLog())
    this.past = new Pages((cursor) => api.bans({ ip, active: false, cursor, limit: PAGE }))
    void this.load()
  }

  /** Reads what is now; what is there stays until the new has come. */
  async load(): Promise<void> {
    const { ip } = this
    try {
      const [bans, about, onLists] = await Promise.all([
        this.#api.bans({ ip, active: true, limit: MOST_BANS }),
        this.#api.address(ip, DAYS_HOURS),
        this.#listed(),
      ])
      this.bans = bans.rows
      this.about = about
      this.onLists = onLists
      this.status = 'ready'
      this.problem = null
    } catch (error) {
      this.problem = problemFrom(error)
      if (this.status === 'loading') this.status = 'failed'
    }
  }

  async retry(): Promise<void> {
    this.status = 'loading'
    await this.load()
  }

  /** Shows other events. */
  show(filter: LogFilter): void {
    this.filter = filter
    this.log = this.#newLog()
  }

  /** Takes events of the live stream. */
  receive(events: readonly EventView[]): void {
    const mine = events.filter((view) => concerns(this.ip, view))
    if (mine.length === 0) return
    const newest = this.log.rows[0]?.seq ?? 0
    this.log.prepend(mine.filter((view) => view.seq > newest && passes(this.filter, view)).toReversed())
    if (mine.some(({ event }) => event.kind.startsWith('ban.'))) this.#loadSoon()
  }

  /** Ends what is waited for. */
  stop(): void {
    if (this.#soon !== null) clearTimeout(this.#soon)
  }

  async #listed(): Promise<readonly OnList[]> {
    const found = await Promise.all(
      (await this.#lists())
        .slice(0, MOST_LISTS)
        .map(async (list) =>
          holding(this.ip, list, (await this.#api.listEntries(list.name, this.ip, null)).rows),
        ),
    )
    return found.flat()
  }

  #newLog(): Pages<EventView> {
    return new Pages((cursor) => this.#api.events({ ...logQuery(this.ip, this.filter), cursor, limit: PAGE }))
  }

  #loadSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = null
      void this.load()
      void this.past.begin()
    }, SOON_MS)
  }
}

import type { ChannelTested, ChannelView, DeliveryView, RuleView, TopicView } from '@warder/protocol/api'
import type { Api } from '../../api/client.ts'
import { problemFrom, type Problem } from '../../api/problem.ts'
import { t } from '../../language/t.ts'

/** Channels, rules and deliveries as this page shows them. */
export class Book {
  channels = $state.raw<readonly ChannelView[]>([])
  rules = $state.raw<readonly RuleView[]>([])
  topics = $state.raw<readonly TopicView[]>([])
  deliveries = $state.raw<readonly DeliveryView[]>([])
  /** Where older deliveries go on; null: there are none. */
  next = $state<string | null>(null)
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state.raw<Problem | null>(null)
  /** What became of the newest test of each channel. */
  tests = $state.raw<ReadonlyMap<number, ChannelTested | 'under way'>>(new Map())
  readonly #api: Api
  /** Whether older deliveries were asked for: a refresh reads the first page only, and keeps them. */
  #older = false

  constructor(api: Api) {
    this.#api = api
  }

  async load(): Promise<void> {
    try {
      const [channels, rules, topics, page] = await Promise.all([
        this.#api.channels(),
        this.#api.rules(),
        this.topics.length > 0 ? this.topics : this.#api.topics(),
        this.#api.deliveries(null),
      ])
      this.channels = channels
      this.rules = rules
      this.topics = topics
      const fresh = new Set(page.rows.map(({ id }) => id))
      const kept = this.#older ? this.deliveries.filter(({ id }) => !fresh.has(id)) : []
      this.deliveries = [...page.rows, ...kept]
      if (!this.#older) this.next = page.next
      this.status = 'ready'
      this.problem = null
    } catch (error) {
      this.problem = problemFrom(error)
      if (this.status !== 'ready') this.status = 'failed'
    }
  }

  /** Reads older deliveries; throws an ApiError. */
  async older(): Promise<void> {
    const page = await this.#api.deliveries(this.next)
    this.#older = true
    this.deliveries = [...this.deliveries, ...page.rows]
    this.next = page.next
  }

  async test(channel: ChannelView): Promise<void> {
    this.#tested(channel.id, 'under way')
    try {
      this.#tested(channel.id, await this.#api.testChannel(channel.id))
      await this.load()
    } catch (error) {
      const { message, remedy } = problemFrom(error)
      this.#tested(channel.id, { ok: false, message, remedy })
    }
  }

  nameOf = (id: number): string =>
    this.channels.find((channel) => channel.id === id)?.name ?? t('a removed channel')

  #tested(id: number, result: ChannelTested | 'under way'): void {
    this.tests = new Map([...this.tests, [id, result]])
  }
}

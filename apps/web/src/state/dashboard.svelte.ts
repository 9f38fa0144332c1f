import type { EventView, LiveDown } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import { createContext } from 'svelte'
import { inUrl } from '../prefix.ts'
import { makeApi, type Api } from '../api/client.ts'
import { Stream, type LiveState } from '../live/stream.ts'
import { BanTable } from './bans.svelte.ts'
import { Clock } from './clock.svelte.ts'
import { Draft } from './draft.svelte.ts'
import { FleetState } from './fleet.svelte.ts'
import { Lifts } from './lifts.svelte.ts'
import { Lists } from './lists.svelte.ts'
import { Router } from './router.svelte.ts'
import { Session } from './session.svelte.ts'
import { Silence } from './silence.svelte.ts'
import { Theme } from './theme.svelte.ts'
import { Toasts } from './toasts.svelte.ts'
import { Tuning } from './tuning.svelte.ts'

/** Gives the dashboard's state to every view. */
export const [getDashboard, setDashboard] = createContext<Dashboard>()

/** How often what events do not tell is read again, in ms: counts that fall by themselves, the timeline's window. */
const COUNT_EVERY_MS = 15_000
const TIMELINE_EVERY_MS = 300_000
/** How often is looked whether somebody else silenced notifications, in ms. */
const SILENCE_EVERY_MS = 30_000

/** After this long without the stream, in ms, the dashboard is called offline. */
const OFFLINE_MS = 8_000

/** All state of the dashboard, made and joined here. */
export class Dashboard {
  readonly clock = new Clock()
  readonly router = new Router()
  readonly theme = new Theme()
  readonly toasts = new Toasts()
  readonly api: Api
  readonly session: Session
  readonly fleet: FleetState
  readonly bans: BanTable
  readonly lifts: Lifts
  readonly tuning: Tuning
  readonly lists: Lists
  readonly silence: Silence
  readonly draft = new Draft()
  /** How the live stream is, and since when. */
  live = $state.raw<{ readonly state: LiveState; readonly since: number }>({
    state: 'connecting',
    since: Date.now(),
  })
  /** Whether the stream is gone for so long that it should be said. */
  readonly offline = $derived(this.live.state !== 'live' && this.clock.now - this.live.since > OFFLINE_MS)
  #stream: Stream | null = null
  readonly #listeners = new Set<(events: readonly EventView[]) => void>()
  #greeted = false
  #timers: ReturnType<typeof setInterval>[] = []

  constructor() {
    const { clock, toasts } = this
    this.api = makeApi({ onServerTime: (at) => clock.align(at), onSignedOut: () => this.session.expire() })
    const { api } = this
    this.session = new Session(api)
    this.fleet = new FleetState(api)
    this.bans = new BanTable(api)
    this.lifts = new Lifts({ api, toasts, clock })
    this.lists = new Lists(api)
    this.silence = new Silence({ api, toasts, clock })
    this.tuning = new Tuning({ api, toasts, fleet: this.fleet })
  }

  /** Begins to follow the fleet, once somebody is signed in; gives back what ends it. */
  follow(): () => void {
    this.live = { state: 'connecting', since: this.clock.now }
    this.#stream = new Stream({
      path: inUrl(PATHS.live),
      after: () => this.fleet.value.seq,
      onMessage: (message) => this.#receive(message),
      onState: (state) => this.#setLive(state),
      onFailure: () => void this.session.load(),
    })
    const stream = this.#stream
    // First read, then follow from the newest event that was read: nothing falls between the two.
    void this.fleet.load().finally(() => stream === this.#stream && stream.open())
    void this.tuning.load()
    void this.silence.load()
    this.#timers = [
      setInterval(() => document.hidden || void this.silence.load(), SILENCE_EVERY_MS),
      setInterval(() => document.hidden || this.fleet.countSoon(), COUNT_EVERY_MS),
      setInterval(() => document.hidden || void this.fleet.refreshTimeline(), TIMELINE_EVERY_MS),
    ]
    return () => this.#stop()
  }

  /** Hands the events of the live stream to a view as well; gives back what ends it. */
  listen(take: (events: readonly EventView[]) => void): () => void {
    this.#listeners.add(take)
    return () => void this.#listeners.delete(take)
  }

  /** Tries the stream again now. */
  reconnect(): void {
    this.#stream?.retry()
  }

  #stop(): void {
    this.#stream?.close()
    this.#stream = null
    this.#greeted = false
    for (const timer of this.#timers) clearInterval(timer)
    this.fleet.clear()
    this.draft.clear()
  }

  #receive(message: LiveDown): void {
    if (message.kind === 'signed-out') return this.session.expire()
    this.fleet.receive(message)
    if (message.kind === 'hello') {
      if (message.reset || this.bans.status === 'failed') void this.bans.load()
      // Only events are replayed, not the states of nodes and jails. The first hello follows a reading anyway.
      if (this.#greeted || message.reset || this.fleet.status !== 'ready') void this.fleet.load()
      this.#greeted = true
    }
    if (message.kind === 'events') {
      this.bans.receive(message.events)
      this.lifts.receive(message.events)
      this.lists.receive(message.events)
      for (const take of this.#listeners) take(message.events)
      if (message.events.some(({ event }) => event.kind.startsWith('settings.'))) void this.tuning.load()
    }
  }

  #setLive(state: LiveState): void {
    if (state !== this.live.state) this.live = { state, since: this.clock.now }
  }
}

import type { BanBody, BanView, EventView, OrderedView } from '@warder/protocol/api'
import { SvelteMap } from 'svelte/reactivity'
import type { Api } from '../api/client.ts'
import { problemFrom } from '../api/problem.ts'
import { formatNames } from '../format/count.ts'
import { placeOf } from './ban-list.ts'
import type { Clock } from './clock.svelte.ts'
import type { Toasts } from './toasts.svelte.ts'
import { rebanOrders } from './undo.ts'
import { n, t } from '../language/t.ts'

/** How far the lift of one ban is: asked of the server, sent to the node, or kept until the node is back. */
export type LiftStep = 'asked' | 'sent' | 'kept'

/** What is lifted: everywhere, or narrower. */
export interface Scope {
  readonly node?: string
  readonly jail?: string
}

/** Up to this many addresses are looked up before they are lifted. */
const ASKED_FIRST = 20
const UNDO_MS = 10_000
/** After this long without an answer of its node a mark is taken off again. */
const FORGET_MS = 60_000

/** Bans and unbans by the operator's hand: shown at once, marked until the node has confirmed, taken back by Undo. */
export class Lifts {
  /** By place of the ban. */
  readonly pending = new SvelteMap<string, LiftStep>()
  readonly #api: Api
  readonly #toasts: Toasts
  readonly #clock: Clock

  constructor(parts: { api: Api; toasts: Toasts; clock: Clock }) {
    this.#api = parts.api
    this.#toasts = parts.toasts
    this.#clock = parts.clock
  }

  /** Unbans the addresses of these bans, everywhere or in a scope. Never throws: what fails is told. */
  async unban(bans: readonly BanView[], scope: Scope = {}): Promise<void> {
    const ips = [...new Set(bans.map((ban) => ban.ip))]
    const places = bans.filter((ban) => isIn(ban, scope)).map(placeOf)
    for (const place of places) this.pending.set(place, 'asked')
    const what = placed(
      ips.length === 1 ? (ips[0] ?? '') : n(ips.length, '{count} address', '{count} addresses'),
      scope,
    )
    try {
      const standing = (await this.#everywhere(ips, bans)).filter((ban) => isIn(ban, scope))
      const ordered = await this.#api.unban({ ips, ...scope })
      this.#mark(bans, ordered)
      this.#forgetLater(places)
      const run = (): void => void this.#reban(standing, what)
      this.#toasts.done(t('Unbanned {what}', { what }), {
        detail: keptWords(ordered),
        action: { label: t('Undo'), run },
        stays: UNDO_MS,
      })
    } catch (error) {
      for (const place of places) this.pending.delete(place)
      this.#toasts.problem(t('{what} is still banned', { what }), problemFrom(error))
    }
  }

  /** Bans an address; throws an ApiError when refused, so that the dialog can show it. */
  async ban(body: BanBody): Promise<void> {
    const ordered = await this.#api.ban(body)
    this.#toasts.done(
      body.nodes === undefined
        ? t('Banned {ip} on all nodes', { ip: body.ip })
        : t('Banned {ip} on {nodes}', { ip: body.ip, nodes: formatNames(body.nodes) }),
      {
        detail: keptWords(ordered),
        action: { label: t('Undo'), run: () => void this.#takeBackBan(body) },
        stays: UNDO_MS,
      },
    )
  }

  /** Lets an address alone for 24 h. Never throws: what fails is told. */
  async allow(ip: string, note: string): Promise<void> {
    try {
      await this.#api.allow({ ip, note })
      const run = (): void => void this.#takeBackAllow(ip)
      this.#toasts.done(t('{ip} is allowed for 24 h', { ip }), {
        action: { label: t('Undo'), run },
        stays: UNDO_MS,
      })
    } catch (error) {
      this.#toasts.problem(t('{ip} could not be allowed', { ip }), problemFrom(error))
    }
  }

  /** Takes marks off as nodes confirm. */
  receive(events: readonly EventView[]): void {
    for (const { node, event } of events) {
      if (event.kind === 'ban.lifted' || event.kind === 'ban.expired') {
        this.pending.delete(placeOf({ node, jail: event.jail, ip: event.ip }))
      }
    }
  }

  /** The bans of these addresses on all nodes, also those that a filter hides: Undo must put all of them back. */
  async #everywhere(ips: readonly string[], shown: readonly BanView[]): Promise<readonly BanView[]> {
    if (ips.length > ASKED_FIRST) return shown
    const pages = await Promise.all(ips.map((ip) => this.#api.bans({ ip, active: true, limit: 500 })))
    return pages.flatMap((page) => page.rows).filter((ban) => ips.includes(ban.ip))
  }

  async #reban(bans: readonly BanView[], what: string): Promise<void> {
    const orders = rebanOrders(bans, this.#clock.now)
    try {
      for (const order of orders) await this.#api.ban(order)
      for (const ban of bans) this.pending.delete(placeOf(ban))
      this.#toasts.done(
        orders.length === 0
          ? t('The ban of {what} would be over by now', { what })
          : t('{what}: banned again for the time that was left', { what }),
      )
    } catch (error) {
      this.#toasts.problem(t('{what} could not be banned again', { what }), problemFrom(error))
    }
  }

  async #takeBackBan(body: BanBody): Promise<void> {
    const jail = body.jail ?? 'manual'
    try {
      for (const node of body.nodes ?? [undefined]) {
        await this.#api.unban({ ips: [body.ip], jail, ...(node === undefined ? {} : { node }) })
      }
      this.#toasts.done(t('{ip} is not banned any more', { ip: body.ip }))
    } catch (error) {
      this.#toasts.problem(t('{ip} is still banned', { ip: body.ip }), problemFrom(error))
    }
  }

  async #takeBackAllow(ip: string): Promise<void> {
    try {
      await this.#api.removeEntry('temporary', ip)
      this.#toasts.done(t('{ip} is not allowed any more', { ip }))
    } catch (error) {
      this.#toasts.problem(t('{ip} is still allowed', { ip }), problemFrom(error))
    }
  }

  #mark(bans: readonly BanView[], ordered: OrderedView): void {
    for (const ban of bans) {
      const order = ordered.orders.find((one) => one.node === ban.node && one.ip === ban.ip)
      const place = placeOf(ban)
      if (order !== undefined && this.pending.has(place)) this.pending.set(place, order.state)
    }
  }

  #forgetLater(places: readonly string[]): void {
    setTimeout(() => {
      for (const place of places) if (this.pending.get(place) !== 'kept') this.pending.delete(place)
    }, FORGET_MS)
  }
}

const isIn = (ban: BanView, scope: Scope): boolean =>
  (scope.node === undefined || ban.node === scope.node) &&
  (scope.jail === undefined || ban.jail === scope.jail)

/** What is lifted, with where: `203.0.113.9 in sshd on pve1`. */
function placed(what: string, { node, jail }: Scope): string {
  if (jail === undefined) return node === undefined ? what : t('{what} on {node}', { what, node })
  return node === undefined
    ? t('{what} in {jail}', { what, jail })
    : t('{what} in {jail} on {node}', { what, jail, node })
}

/** Says which nodes are offline and get the order when they are back. */
function keptWords(ordered: OrderedView): string {
  const kept = [
    ...new Set(ordered.orders.filter((order) => order.state === 'kept').map((order) => order.node)),
  ]
  if (kept.length === 0) return ''
  return n(
    kept.length,
    '{nodes} is offline and gets the order on return.',
    '{nodes} are offline and get the order on return.',
    { nodes: formatNames(kept) },
  )
}

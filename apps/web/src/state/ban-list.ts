import { contains, explainBan } from '@warder/core'
import type { BanView, EventView, Place } from '@warder/protocol/api'
import { searchedTarget } from '../format/address.ts'
import type { BanQuery } from '../routes.ts'
import { holdsWords } from './words.ts'

/** All loaded bans of one address or subnet, nodes and jails folded in. */
export interface BanGroup {
  readonly ip: string
  /** Newest first. */
  readonly bans: readonly BanView[]
  readonly nodes: readonly string[]
  readonly jails: readonly string[]
  /** When the first of them began. */
  readonly since: number
  /** When the last of them ends; null: never. */
  readonly until: number | null
  /** Where the address is at home; null: the server does not know, or did not say yet. */
  readonly place: Place | null
}

/** An active ban's identity: there is at most one per node, jail and target. */
export const placeOf = (ban: { readonly node: string; readonly jail: string; readonly ip: string }): string =>
  `${ban.node}\n${ban.jail}\n${ban.ip}`

/** Whether a ban belongs into the table that a query shows (its state aside). */
export function fits(ban: BanView, query: BanQuery): boolean {
  if (query.node !== null && ban.node !== query.node) return false
  if (query.jail !== null && ban.jail !== query.jail) return false
  const text = query.search.trim()
  if (text === '') return true
  const target = searchedTarget(text)
  if (target !== null) return contains(ban.ip, target) || contains(target, ban.ip)
  const { users = [], lines = [] } = ban.ticket ?? {}
  return holdsWords([ban.ip, ban.jail, ban.node, ban.by ?? '', ban.reason ?? '', ...users, ...lines], text)
}

/** A ban event as the API would list it; null for other events. The id is negative: history has its own numbers. */
export function viewOf({ seq, node, event }: EventView): BanView | null {
  if (event.kind !== 'ban.added' && event.kind !== 'ban.extended') return null
  const { ban } = event
  return {
    id: -seq,
    node,
    jail: ban.jail,
    ip: ban.ip,
    at: ban.at,
    until: ban.until,
    active: true,
    endedAt: null,
    ended: null,
    endedBy: null,
    origin: ban.origin,
    by: ban.by ?? null,
    reason: ban.reason ?? null,
    ticket: ban.ticket ?? null,
    from: ban.from ?? null,
    why: explainBan(ban, node),
    enforced: null,
  }
}

/** Bans folded by address, in the order of the first ban of each. */
export const groupBans = (bans: readonly BanView[]): readonly BanGroup[] =>
  Array.from(
    Map.groupBy(bans, (ban) => ban.ip),
    ([ip, own]) => groupOf(ip, own),
  )

/** The bans of one address as a row. */
export function groupOf(ip: string, unsorted: readonly BanView[]): BanGroup {
  const bans = isNewestFirst(unsorted) ? unsorted : unsorted.toSorted((a, b) => b.at - a.at)
  const ends = bans.map((ban) => ban.until)
  return {
    ip,
    bans,
    nodes: [...new Set(bans.map((ban) => ban.node))].sort(),
    jails: [...new Set(bans.map((ban) => ban.jail))].sort(),
    since: Math.min(...bans.map((ban) => ban.at)),
    until: ends.reduce<number | null>(
      (last, end) => (last === null || end === null ? null : Math.max(last, end)),
      0,
    ),
    place: bans.find((ban) => ban.place)?.place ?? null,
  }
}

const isNewestFirst = (bans: readonly BanView[]): boolean =>
  bans.every((ban, index) => index === 0 || (bans[index - 1]?.at ?? 0) >= ban.at)

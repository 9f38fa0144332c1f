import { parseTarget } from '@warder/core'

/** What the table of bans shows. `node` and `jail` are exact names; `search` is free text or an address. */
export interface BanQuery {
  readonly state: 'active' | 'past'
  readonly search: string
  readonly node: string | null
  readonly jail: string | null
}

/** A stretch of time, ms since 1970; `to` is not in it. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/** What Insights shows: the timeline's length, the part of it that is counted, and what that is compared with. */
export interface InsightsQuery {
  readonly hours: number
  /** Null: all of the timeline. */
  readonly range: TimeRange | null
  readonly other: TimeRange | null
}

/** Every place in the dashboard. `add`: with the dialog that adds a node; `jail`, `node`, `part`: with this one
 * picked or in sight; `ban`: with this one explained. */
export type Route =
  | { readonly kind: 'overview' }
  | { readonly kind: 'bans'; readonly query: BanQuery }
  | { readonly kind: 'address'; readonly ip: string; readonly ban: number | null }
  | { readonly kind: 'insights'; readonly query: InsightsQuery }
  | { readonly kind: 'jails'; readonly jail: string | null }
  | { readonly kind: 'history' }
  | { readonly kind: 'lists'; readonly list: string | null }
  | { readonly kind: 'filters'; readonly node: string | null; readonly jail: string | null }
  | { readonly kind: 'nodes'; readonly add: boolean; readonly node: string | null }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'health' }
  | { readonly kind: 'notifications' }
  | { readonly kind: 'settings'; readonly part: string | null }
  | { readonly kind: 'audit' }
  | { readonly kind: 'invitation' }
  | { readonly kind: 'gallery' }
  | { readonly kind: 'lost'; readonly path: string }

export const ALL_BANS: BanQuery = { state: 'active', search: '', node: null, jail: null }

/** The lengths of the timeline that can be chosen, in hours. */
export const INSIGHT_HOURS: readonly number[] = [24, 168, 744]
export const LAST_DAY: InsightsQuery = { hours: 24, range: null, other: null }

/** The longest text that is taken over from a URL; the API refuses longer ones. */
const LONGEST = 64
const LONGEST_NAME = 80

const textOf = (params: URLSearchParams, key: string): string =>
  (params.get(key) ?? '').trim().slice(0, LONGEST)
const nameOf = (params: URLSearchParams, key: string): string | null =>
  (params.get(key) ?? '').trim().slice(0, LONGEST_NAME) || null

const rangeOf = (text: string | null): TimeRange | null => {
  const [, from, to] = /^(\d{1,14})-(\d{1,14})$/.exec(text ?? '') ?? []
  const range = { from: Number(from), to: Number(to) }
  return from !== undefined && range.from < range.to ? range : null
}

function insightsOf(params: URLSearchParams): Route {
  const hours = Number(params.get('hours'))
  const range = rangeOf(params.get('range'))
  return {
    kind: 'insights',
    query: {
      hours: INSIGHT_HOURS.includes(hours) ? hours : LAST_DAY.hours,
      range,
      other: range === null ? null : rangeOf(params.get('with')),
    },
  }
}

/** `/ip/203.0.113.9` and `/ip/2001:db8::/64`: the address as it is written in full everywhere. */
function addressOf(path: string, params: URLSearchParams): Route {
  const ip = parseTarget(decoded(path.slice('/ip/'.length)))
  if (ip === null) return { kind: 'lost', path }
  const ban = params.get('ban') ?? ''
  return { kind: 'address', ip, ban: /^\d{1,15}$/.test(ban) ? Number(ban) : null }
}

/** `/nodes/pve1`: all that is known of one node. */
function nodeOf(path: string): Route {
  const name = decoded(path.slice('/nodes/'.length)).trim()
  return name === '' || name.length > LONGEST_NAME ? { kind: 'lost', path } : { kind: 'node', name }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** A URL's path and search (`/bans`, `?node=pve1`) → the place it names. Never fails: what is unknown is `lost`. */
export function routeOf(path: string, search: string): Route {
  const params = new URLSearchParams(search)
  if (path.startsWith('/ip/')) return addressOf(path.replace(/\/+$/, ''), params)
  if (/^\/nodes\/[^/]+\/*$/.test(path)) return nodeOf(path.replace(/\/+$/, ''))
  switch (path.replace(/\/+$/, '')) {
    case '':
      return { kind: 'overview' }
    case '/bans':
      return {
        kind: 'bans',
        query: {
          state: params.get('state') === 'past' ? 'past' : 'active',
          search: textOf(params, 'search'),
          node: nameOf(params, 'node'),
          jail: nameOf(params, 'jail'),
        },
      }
    case '/insights':
      return insightsOf(params)
    case '/gallery':
      return { kind: 'gallery' }
    case '/jails':
      return { kind: 'jails', jail: nameOf(params, 'jail') }
    case '/jails/history':
      return { kind: 'history' }
    case '/lists':
      return { kind: 'lists', list: nameOf(params, 'list') }
    case '/filters':
      return { kind: 'filters', node: nameOf(params, 'node'), jail: nameOf(params, 'jail') }
    case '/nodes':
      return { kind: 'nodes', add: params.has('add'), node: nameOf(params, 'node') }
    case '/health':
      return { kind: 'health' }
    case '/notifications':
      return { kind: 'notifications' }
    case '/settings':
      return { kind: 'settings', part: nameOf(params, 'part') }
    case '/invitation':
      return { kind: 'invitation' }
    case '/audit':
      return { kind: 'audit' }
    default:
      return { kind: 'lost', path }
  }
}

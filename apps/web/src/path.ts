import { inUrl } from './prefix.ts'
import {
  ALL_BANS,
  LAST_DAY,
  type BanQuery,
  type InsightsQuery,
  type Route,
  type TimeRange,
} from './routes.ts'

/** A place → its path and search in a URL, the inverse of `routeOf`. Defaults are left out, so links stay short. */
export const pathOf = (route: Route): string => inUrl(pathFromTop(route))

function pathFromTop(route: Route): string {
  switch (route.kind) {
    case 'overview':
      return '/'
    case 'bans':
      return `/bans${searchOf(route.query)}`
    case 'address':
      return `/ip/${route.ip}${paramsOf({ ban: route.ban === null ? null : String(route.ban) })}`
    case 'insights':
      return `/insights${insightsSearch(route.query)}`
    case 'lists':
      return `/lists${paramsOf({ list: route.list })}`
    case 'filters':
      return `/filters${paramsOf({ node: route.node, jail: route.jail })}`
    case 'nodes':
      return route.add ? '/nodes?add' : `/nodes${paramsOf({ node: route.node })}`
    case 'node':
      return `/nodes/${encodeURIComponent(route.name)}`
    case 'history':
      return '/jails/history'
    case 'jails':
      return `/jails${paramsOf({ jail: route.jail })}`
    case 'settings':
      return `/settings${paramsOf({ part: route.part })}`
    case 'health':
    case 'notifications':
    case 'audit':
    case 'invitation':
    case 'gallery':
      return `/${route.kind}`
    case 'lost':
      return route.path
  }
}

/** The path of the table of bans, with what is not the default. */
export function bansPath(query: Partial<BanQuery> = {}): string {
  return pathOf({ kind: 'bans', query: { ...ALL_BANS, ...query } })
}

/** The path of all that is known of an address or subnet; `ban`: with this one of its bans explained. */
export const addressPath = (ip: string, ban: number | null = null): string =>
  pathOf({ kind: 'address', ip, ban })

/** The path of the filter of a jail on a node, to be tried. */
export const filterPath = (node: string, jail: string): string => pathOf({ kind: 'filters', node, jail })

/** The path of all that is known of a node. */
export const nodePath = (name: string): string => pathOf({ kind: 'node', name })

const rangeText = (range: TimeRange | null): string | null =>
  range === null ? null : `${range.from}-${range.to}`

const insightsSearch = ({ hours, range, other }: InsightsQuery): string =>
  paramsOf({
    hours: hours === LAST_DAY.hours ? null : String(hours),
    range: rangeText(range),
    with: rangeText(other),
  })

const searchOf = ({ state, search, node, jail }: BanQuery): string =>
  paramsOf({ state: state === 'past' ? 'past' : null, search: search || null, node, jail })

function paramsOf(values: Readonly<Record<string, string | null>>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(values)) if (value !== null) params.set(key, value)
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

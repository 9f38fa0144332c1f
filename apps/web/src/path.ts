import { ALL_BANS, type BanQuery, type Route } from './routes.ts'

/** A place → its path and search, the inverse of `routeOf`. Defaults are left out, so links stay short. */
export function pathOf(route: Route): string {
  switch (route.kind) {
    case 'overview':
      return '/'
    case 'bans':
      return `/bans${searchOf(route.query)}`
    case 'lists':
      return `/lists${paramsOf({ list: route.list })}`
    case 'filters':
      return `/filters${paramsOf({ node: route.node, jail: route.jail })}`
    case 'nodes':
      return route.add ? '/nodes?add' : '/nodes'
    case 'history':
      return '/jails/history'
    case 'jails':
    case 'notifications':
    case 'settings':
    case 'audit':
    case 'invitation':
      return `/${route.kind}`
    case 'lost':
      return route.path
  }
}

/** The path of the table of bans, with what is not the default. */
export function bansPath(query: Partial<BanQuery> = {}): string {
  return pathOf({ kind: 'bans', query: { ...ALL_BANS, ...query } })
}

/** The path of the filter of a jail on a node, to be tried. */
export const filterPath = (node: string, jail: string): string => pathOf({ kind: 'filters', node, jail })

const searchOf = ({ state, search, node, jail }: BanQuery): string =>
  paramsOf({ state: state === 'past' ? 'past' : null, search: search || null, node, jail })

function paramsOf(values: Readonly<Record<string, string | null>>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(values)) if (value !== null) params.set(key, value)
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

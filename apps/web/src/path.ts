import { ALL_BANS, type BanQuery, type Route } from './routes.ts'

/** A place → its path and search, the inverse of `routeOf`. Defaults are left out, so links stay short. */
export function pathOf(route: Route): string {
  switch (route.kind) {
    case 'overview':
      return '/'
    case 'bans':
      return `/bans${searchOf(route.query)}`
    case 'nodes':
      return route.add ? '/nodes?add' : '/nodes'
    case 'jails':
    case 'settings':
    case 'audit':
      return `/${route.kind}`
    case 'lost':
      return route.path
  }
}

/** The path of the table of bans, with what is not the default. */
export function bansPath(query: Partial<BanQuery> = {}): string {
  return pathOf({ kind: 'bans', query: { ...ALL_BANS, ...query } })
}

function searchOf(query: BanQuery): string {
  const params = new URLSearchParams()
  if (query.state === 'past') params.set('state', 'past')
  if (query.search !== '') params.set('search', query.search)
  if (query.node !== null) params.set('node', query.node)
  if (query.jail !== null) params.set('jail', query.jail)
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

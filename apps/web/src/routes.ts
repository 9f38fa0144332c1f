/** What the table of bans shows. `node` and `jail` are exact names; `search` is free text or an address. */
export interface BanQuery {
  readonly state: 'active' | 'past'
  readonly search: string
  readonly node: string | null
  readonly jail: string | null
}

/** Every place in the dashboard. `add`: with the dialog that adds a node; `jail`: with its filter picked. */
export type Route =
  | { readonly kind: 'overview' }
  | { readonly kind: 'bans'; readonly query: BanQuery }
  | { readonly kind: 'jails' }
  | { readonly kind: 'history' }
  | { readonly kind: 'lists'; readonly list: string | null }
  | { readonly kind: 'filters'; readonly node: string | null; readonly jail: string | null }
  | { readonly kind: 'nodes'; readonly add: boolean }
  | { readonly kind: 'notifications' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'audit' }
  | { readonly kind: 'invitation' }
  | { readonly kind: 'lost'; readonly path: string }

export const ALL_BANS: BanQuery = { state: 'active', search: '', node: null, jail: null }

/** The longest text that is taken over from a URL; the API refuses longer ones. */
const LONGEST = 64

const textOf = (params: URLSearchParams, key: string): string =>
  (params.get(key) ?? '').trim().slice(0, LONGEST)
const nameOf = (params: URLSearchParams, key: string): string | null =>
  (params.get(key) ?? '').trim().slice(0, 80) || null

/** A URL's path and search (`/bans`, `?node=pve1`) → the place it names. Never fails: what is unknown is `lost`. */
export function routeOf(path: string, search: string): Route {
  const params = new URLSearchParams(search)
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
    case '/jails':
      return { kind: 'jails' }
    case '/jails/history':
      return { kind: 'history' }
    case '/lists':
      return { kind: 'lists', list: nameOf(params, 'list') }
    case '/filters':
      return { kind: 'filters', node: nameOf(params, 'node'), jail: nameOf(params, 'jail') }
    case '/nodes':
      return { kind: 'nodes', add: params.has('add') }
    case '/notifications':
      return { kind: 'notifications' }
    case '/settings':
      return { kind: 'settings' }
    case '/invitation':
      return { kind: 'invitation' }
    case '/audit':
      return { kind: 'audit' }
    default:
      return { kind: 'lost', path }
  }
}

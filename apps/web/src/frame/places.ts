import type { Route } from '../routes.ts'
import { english, t } from '../language/t.ts'

/** The places of the navigation, in their order, with what is needed there and the key that follows `g`. */
export const PLACES = [
  { kind: 'overview', label: english('Overview'), path: '/', key: 'o', needs: 'read' },
  { kind: 'bans', label: english('Bans'), path: '/bans', key: 'b', needs: 'read' },
  { kind: 'insights', label: english('Insights'), path: '/insights', key: 'i', needs: 'read' },
  { kind: 'lists', label: english('Lists'), path: '/lists', key: 'l', needs: 'read' },
  { kind: 'jails', label: english('Jails'), path: '/jails', key: 'j', needs: 'read' },
  { kind: 'filters', label: english('Filters'), path: '/filters', key: 'f', needs: 'read' },
  { kind: 'nodes', label: english('Nodes'), path: '/nodes', key: 'n', needs: 'read' },
  { kind: 'health', label: english('Health'), path: '/health', key: 'h', needs: 'read' },
  {
    kind: 'notifications',
    label: english('Notifications'),
    path: '/notifications',
    key: 'm',
    needs: 'admin',
  },
  { kind: 'settings', label: english('Settings'), path: '/settings', key: 's', needs: 'read' },
  { kind: 'audit', label: english('Audit'), path: '/audit', key: 'a', needs: 'admin' },
] as const

/** The title of a place. */
export function titleOf(route: Route): string {
  switch (route.kind) {
    case 'history':
      return t('History')
    case 'address':
      return route.ip
    case 'node':
      return route.name
    case 'gallery':
      return t('Gallery')
    default:
      return labelOf(route)
  }
}

/** The place of the navigation that a route belongs to. */
export function kindOf(route: Route): Route['kind'] {
  if (route.kind === 'history') return 'jails'
  if (route.kind === 'node') return 'nodes'
  return route.kind === 'address' ? 'bans' : route.kind
}

const labelOf = (route: Route): string =>
  t(PLACES.find((place) => place.kind === route.kind)?.label ?? english('Not found'))

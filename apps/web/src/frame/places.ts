import type { Route } from '../routes.ts'

/** The places of the navigation, in their order, with what is needed there and the key that follows `g`. */
export const PLACES = [
  { kind: 'overview', label: 'Overview', path: '/', key: 'o', needs: 'read' },
  { kind: 'bans', label: 'Bans', path: '/bans', key: 'b', needs: 'read' },
  { kind: 'lists', label: 'Lists', path: '/lists', key: 'l', needs: 'read' },
  { kind: 'jails', label: 'Jails', path: '/jails', key: 'j', needs: 'read' },
  { kind: 'filters', label: 'Filters', path: '/filters', key: 'f', needs: 'read' },
  { kind: 'nodes', label: 'Nodes', path: '/nodes', key: 'n', needs: 'read' },
  { kind: 'notifications', label: 'Notifications', path: '/notifications', key: 'm', needs: 'admin' },
  { kind: 'settings', label: 'Settings', path: '/settings', key: 's', needs: 'read' },
  { kind: 'audit', label: 'Audit', path: '/audit', key: 'a', needs: 'admin' },
] as const

/** The title of a place. */
export const titleOf = (route: Route): string => (route.kind === 'history' ? 'History' : labelOf(route))

/** The place of the navigation that a route belongs to. */
export const kindOf = (route: Route): Route['kind'] => (route.kind === 'history' ? 'jails' : route.kind)

const labelOf = (route: Route): string =>
  PLACES.find((place) => place.kind === route.kind)?.label ?? 'Not found'

import type { Route } from '../routes.ts'

/** The places of the navigation, in their order, with the key that follows `g`. */
export const PLACES = [
  { kind: 'overview', label: 'Overview', path: '/', key: 'o' },
  { kind: 'bans', label: 'Bans', path: '/bans', key: 'b' },
  { kind: 'lists', label: 'Lists', path: '/lists', key: 'l' },
  { kind: 'jails', label: 'Jails', path: '/jails', key: 'j' },
  { kind: 'filters', label: 'Filters', path: '/filters', key: 'f' },
  { kind: 'nodes', label: 'Nodes', path: '/nodes', key: 'n' },
  { kind: 'notifications', label: 'Notifications', path: '/notifications', key: 'm' },
  { kind: 'settings', label: 'Settings', path: '/settings', key: 's' },
  { kind: 'audit', label: 'Audit', path: '/audit', key: 'a' },
] as const

/** The title of a place. */
export const titleOf = (route: Route): string =>
  route.kind === 'history' ? 'History of the settings' : labelOf(route)

const labelOf = (route: Route): string =>
  PLACES.find((place) => place.kind === route.kind)?.label ?? 'Not found'

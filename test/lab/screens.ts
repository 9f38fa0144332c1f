/** A page of the dashboard: where it is, and the heading that says so. */
export interface Screen {
  readonly name: string
  readonly path: string
  readonly heading: string
  /** The keys that lead there, after `g`; null: there are none. */
  readonly key: string | null
}

/** Every screen that somebody who is signed in can open. */
export const SCREENS: readonly Screen[] = [
  { name: 'overview', path: '/', heading: 'Overview', key: 'o' },
  { name: 'bans', path: '/bans', heading: 'Bans', key: 'b' },
  { name: 'past-bans', path: '/bans?state=past', heading: 'Bans', key: null },
  { name: 'address', path: '/ip/2001:db8:bad::/48', heading: '2001:db8:bad::/48', key: null },
  { name: 'insights', path: '/insights', heading: 'Insights', key: 'i' },
  { name: 'lists', path: '/lists', heading: 'Lists', key: 'l' },
  { name: 'jails', path: '/jails', heading: 'Jails', key: 'j' },
  { name: 'history', path: '/jails/history', heading: 'History', key: null },
  { name: 'filters', path: '/filters', heading: 'Filters', key: 'f' },
  { name: 'nodes', path: '/nodes', heading: 'Nodes', key: 'n' },
  { name: 'add-node', path: '/nodes?add', heading: 'Nodes', key: null },
  { name: 'node', path: '/nodes/pve1', heading: 'pve1', key: null },
  { name: 'health', path: '/health', heading: 'Health', key: 'h' },
  { name: 'notifications', path: '/notifications', heading: 'Notifications', key: 'm' },
  { name: 'settings', path: '/settings', heading: 'Settings', key: 's' },
  { name: 'audit', path: '/audit', heading: 'Audit', key: 'a' },
  { name: 'gallery', path: '/gallery', heading: 'Gallery', key: null },
]

export const THEMES = ['light', 'dark'] as const
/** Widths in CSS pixels: a phone, a tablet, a laptop, a large screen. */
export const WIDTHS = [360, 820, 1440, 2560] as const

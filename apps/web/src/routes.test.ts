import { describe, expect, it } from 'vitest'
import { bansPath, pathOf } from './path.ts'
import { ALL_BANS, LAST_DAY, routeOf, type Route } from './routes.ts'

const PLACES: readonly [path: string, route: Route][] = [
  ['/', { kind: 'overview' }],
  ['/bans', { kind: 'bans', query: ALL_BANS }],
  ['/bans?state=past', { kind: 'bans', query: { ...ALL_BANS, state: 'past' } }],
  ['/bans?search=203.0.113.9', { kind: 'bans', query: { ...ALL_BANS, search: '203.0.113.9' } }],
  [
    '/bans?search=2001%3Adb8%3A%3A%2F64&node=pve1&jail=sshd',
    { kind: 'bans', query: { state: 'active', search: '2001:db8::/64', node: 'pve1', jail: 'sshd' } },
  ],
  ['/ip/203.0.113.9', { kind: 'address', ip: '203.0.113.9', ban: null }],
  ['/ip/2001:db8::/64?ban=7', { kind: 'address', ip: '2001:db8::/64', ban: 7 }],
  ['/insights', { kind: 'insights', query: LAST_DAY }],
  [
    '/insights?hours=168&range=1000-2000&with=500-1000',
    {
      kind: 'insights',
      query: { hours: 168, range: { from: 1_000, to: 2_000 }, other: { from: 500, to: 1_000 } },
    },
  ],
  ['/gallery', { kind: 'gallery' }],
  ['/jails', { kind: 'jails', jail: null }],
  ['/jails?jail=sshd', { kind: 'jails', jail: 'sshd' }],
  ['/jails/history', { kind: 'history' }],
  ['/filters', { kind: 'filters', node: null, jail: null }],
  ['/filters?node=pve1&jail=sshd', { kind: 'filters', node: 'pve1', jail: 'sshd' }],
  ['/nodes', { kind: 'nodes', add: false, node: null }],
  ['/nodes?add', { kind: 'nodes', add: true, node: null }],
  ['/nodes?node=pve1', { kind: 'nodes', add: false, node: 'pve1' }],
  ['/nodes/pve1', { kind: 'node', name: 'pve1' }],
  ['/nodes/pve1.lab.example', { kind: 'node', name: 'pve1.lab.example' }],
  ['/nodes/a%20b%2Fc', { kind: 'node', name: 'a b/c' }],
  ['/notifications', { kind: 'notifications' }],
  ['/settings', { kind: 'settings', part: null }],
  ['/settings?part=tokens', { kind: 'settings', part: 'tokens' }],
  ['/audit', { kind: 'audit' }],
  ['/lists', { kind: 'lists', list: null }],
  ['/lists?list=scanners', { kind: 'lists', list: 'scanners' }],
  ['/elsewhere', { kind: 'lost', path: '/elsewhere' }],
]

describe('routes', () => {
  it.each(PLACES)('%s is read and written the same', (path, route) => {
    const url = new URL(path, 'https://warder.example')
    expect(routeOf(url.pathname, url.search)).toEqual(route)
    expect(pathOf(route)).toBe(path)
  })

  it('forgives a slash at the end and unknown parameters', () => {
    expect(routeOf('/bans/', '?colour=red')).toEqual({ kind: 'bans', query: ALL_BANS })
  })

  it.each([
    ['/ip/2001:DB8:0::9', '2001:db8::9'],
    ['/ip/203.0.113.77%2F24', '203.0.113.0/24'],
    ['/ip/203.0.113.9/', '203.0.113.9'],
  ])('writes the address of %s as everywhere', (path, ip) => {
    expect(routeOf(path, '')).toEqual({ kind: 'address', ip, ban: null })
  })

  it.each(['/ip/', '/ip/nobody', '/ip/%zz', '/ip/203.0.113.9/24/1'])('knows no place %s', (path) => {
    expect(routeOf(path, '').kind).toBe('lost')
  })

  it.each(['/nodes/%zz', '/nodes/%20', '/nodes/pve1/more', `/nodes/${'x'.repeat(81)}`])(
    'knows no node %s',
    (path) => {
      expect(routeOf(path, '')).toEqual({ kind: 'lost', path })
    },
  )

  it.each([
    ['/nodes/', { kind: 'nodes', add: false, node: null }],
    ['/nodes/pve1/', { kind: 'node', name: 'pve1' }],
  ])('forgives a slash at the end of %s', (path, route) => expect(routeOf(path, '')).toEqual(route))

  it.each(['?hours=25', '?range=9-3', '?range=x', '?with=1-2'])(
    'forgives what insights cannot show: %s',
    (search) => {
      expect(routeOf('/insights', search)).toEqual({ kind: 'insights', query: LAST_DAY })
    },
  )

  it('cuts text that is longer than the API takes', () => {
    const route = routeOf('/bans', `?search=${'x'.repeat(500)}`)
    expect(route.kind === 'bans' && route.query.search.length).toBe(64)
  })

  it('links to bans with what differs from the default only', () => {
    expect(bansPath()).toBe('/bans')
    expect(bansPath({ node: 'pve1' })).toBe('/bans?node=pve1')
  })
})

import { describe, expect, it } from 'vitest'
import { bansPath, pathOf } from './path.ts'
import { ALL_BANS, routeOf, type Route } from './routes.ts'

const PLACES: readonly [path: string, route: Route][] = [
  ['/', { kind: 'overview' }],
  ['/bans', { kind: 'bans', query: ALL_BANS }],
  ['/bans?state=past', { kind: 'bans', query: { ...ALL_BANS, state: 'past' } }],
  ['/bans?search=203.0.113.9', { kind: 'bans', query: { ...ALL_BANS, search: '203.0.113.9' } }],
  [
    '/bans?search=2001%3Adb8%3A%3A%2F64&node=pve1&jail=sshd',
    { kind: 'bans', query: { state: 'active', search: '2001:db8::/64', node: 'pve1', jail: 'sshd' } },
  ],
  ['/jails', { kind: 'jails' }],
  ['/jails/history', { kind: 'history' }],
  ['/filters', { kind: 'filters', node: null, jail: null }],
  ['/filters?node=pve1&jail=sshd', { kind: 'filters', node: 'pve1', jail: 'sshd' }],
  ['/nodes', { kind: 'nodes', add: false }],
  ['/nodes?add', { kind: 'nodes', add: true }],
  ['/notifications', { kind: 'notifications' }],
  ['/settings', { kind: 'settings' }],
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

  it('cuts text that is longer than the API takes', () => {
    const route = routeOf('/bans', `?search=${'x'.repeat(500)}`)
    expect(route.kind === 'bans' && route.query.search.length).toBe(64)
  })

  it('links to bans with what differs from the default only', () => {
    expect(bansPath()).toBe('/bans')
    expect(bansPath({ node: 'pve1' })).toBe('/bans?node=pve1')
  })
})

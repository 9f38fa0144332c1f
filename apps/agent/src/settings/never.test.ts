import { describe, expect, it } from 'vitest'
import type { Placed } from './listen.ts'
import { neverBan } from './never.ts'

const ignoring = (...ignoreip: readonly string[]) =>
  ({ decision: { state: 'running', jail: { definition: { ignoreip } } }, sources: [] }) as unknown as Placed
const around = {
  own: ['192.0.2.1', 'fe80::1%eth0', '::ffff:192.0.2.2'],
  server: ['198.51.100.7', 'not-an-address'],
  members: ['198.51.100.1'],
  cluster: null,
}

describe('who is never banned', () => {
  it('are the own addresses, canonical, and those of the server and the cluster', () => {
    const { engine } = neverBan(around, [], false)
    expect(engine.groups.slice(0, 3)).toEqual([
      { reason: 'own-address', targets: ['192.0.2.1', 'fe80::1', '192.0.2.2'] },
      { reason: 'cluster-member', targets: ['198.51.100.1'] },
      { reason: 'server', targets: ['198.51.100.7'] },
    ])
  })

  it('are those that every jail ignores', () => {
    const placed = [ignoring('203.0.113.0/24', '203.0.113.9', '127.0.0.1'), ignoring('203.0.113.5/24')]
    const { groups } = neverBan(around, placed, false).engine
    expect(groups.at(-1)).toEqual({ reason: 'ignoreip', targets: ['203.0.113.0/24'] })
  })

  it.each([
    [false, true],
    [true, false],
  ])('with ban_private_networks = %s the firewall accepts private networks: %s', (banPrivate, accepts) => {
    const { engine, firewall } = neverBan(around, [], banPrivate)
    expect(engine.groups.some(({ reason }) => reason === 'private-network')).toBe(accepts)
    expect(firewall.includes('10.0.0.0/8')).toBe(accepts)
    expect(firewall).toContain('127.0.0.0/8')
    expect(firewall).toContain('192.0.2.1')
    expect(firewall).toContain('198.51.100.7')
  })
})

import { describe, expect, it } from 'vitest'
import type { Placed } from './listen.ts'
import { neverBan } from './never.ts'

const ignoring = (...ignoreip: readonly string[]) =>
  ({ decision: { state: 'running', jail: { definition: { ignoreip } } }, sources: [] }) as unknown as Placed
const around = {
  own: ['192.0.2.1', 'fe80::1%eth0', '::ffff:192.0.2.2'],
  friends: ['198.51.100.7', 'not-an-address'],
  cluster: null,
}

describe('who is never banned', () => {
  it('are the own addresses, canonical, and those of the server and the cluster', () => {
    const { engine } = neverBan(around, [], false)
    expect(engine).toEqual({
      own: ['192.0.2.1', 'fe80::1', '192.0.2.2'],
      privateNetworks: true,
      ignoreip: ['198.51.100.7'],
    })
  })

  it('are those that every jail ignores', () => {
    const placed = [ignoring('203.0.113.0/24', '203.0.113.9', '127.0.0.1'), ignoring('203.0.113.5/24')]
    expect(neverBan({ ...around, friends: [] }, placed, false).engine.ignoreip).toEqual(['203.0.113.0/24'])
  })

  it.each([
    [false, true],
    [true, false],
  ])('with ban_private_networks = %s the firewall accepts private networks: %s', (banPrivate, accepts) => {
    const { engine, firewall } = neverBan(around, [], banPrivate)
    expect(engine.privateNetworks).toBe(accepts)
    expect(firewall.includes('10.0.0.0/8')).toBe(accepts)
    expect(firewall).toContain('127.0.0.0/8')
    expect(firewall).toContain('192.0.2.1')
    expect(firewall).toContain('198.51.100.7')
  })
})

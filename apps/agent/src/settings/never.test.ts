import { describe, expect, it } from 'vitest'
import type { Placed } from './listen.ts'
import { ALONE, neverBan, type Given } from './never.ts'

const ignoring = (...ignoreip: readonly string[]) =>
  ({ decision: { state: 'running', jail: { definition: { ignoreip } } }, sources: [] }) as unknown as Placed
const GIVEN: Given = {
  around: {
    own: [
      { target: 'fe80::1%eth0', of: 'eth0' },
      { target: '192.0.2.1', of: 'eth0' },
      { target: '::ffff:192.0.2.2', of: 'eth1' },
    ],
    members: [{ target: '198.51.100.1', of: 'pve2' }],
    gateways: [{ target: '192.0.2.254', of: 'eth0' }],
    server: [{ target: '198.51.100.7', of: 'warder.example' }, { target: 'not-an-address' }],
    proxies: [{ target: '203.0.113.128/25' }],
    networks: [{ target: '192.0.2.0/24', of: 'eth0' }],
    cluster: null,
  },
  placed: [],
  filterLocal: false,
  names: new Map(),
}

describe('who is never banned', () => {
  it('are all whom the node knows around it, canonical, each for its reason', () => {
    const { groups, engine, firewall } = neverBan(GIVEN)
    expect(groups.map(({ reason, targets }) => [reason, ...targets.map(({ target }) => target)])).toEqual([
      ['loopback', '127.0.0.0/8', '::1'],
      ['own-address', '192.0.2.1', '192.0.2.2', 'fe80::1'],
      ['cluster-member', '198.51.100.1'],
      ['gateway', '192.0.2.254'],
      ['server', '198.51.100.7'],
      ['proxy', '203.0.113.128/25'],
      ['local-network', '192.0.2.0/24'],
    ])
    expect(groups.at(-1)?.targets).toEqual([{ target: '192.0.2.0/24', of: 'eth0' }])
    expect(engine.groups.map(({ reason }) => reason)).toEqual(groups.map(({ reason }) => reason))
    expect(firewall).toEqual(engine.groups.flatMap(({ targets }) => targets))
  })

  it('are those that every jail ignores, with the names that they were found by', () => {
    const placed = [ignoring('203.0.113.0/24', '203.0.113.9', '127.0.0.1'), ignoring('203.0.113.5/24')]
    const names = new Map([['home.example', ['203.0.113.0/24']]])
    const { groups } = neverBan({ ...GIVEN, around: ALONE, placed, names })
    expect(groups.at(-1)).toEqual({
      reason: 'ignoreip',
      targets: [{ target: '203.0.113.0/24', of: 'home.example' }],
    })
  })

  it('are not the neighbours where local networks are filtered too, but still the node itself and its gateway', () => {
    const { engine, firewall } = neverBan({ ...GIVEN, filterLocal: true })
    expect(engine.groups.some(({ reason }) => reason === 'local-network')).toBe(false)
    expect(firewall).not.toContain('192.0.2.0/24')
    expect(firewall).toEqual(expect.arrayContaining(['127.0.0.0/8', '192.0.2.1', '192.0.2.254']))
  })

  it('are told the same way in whatever order they were found', () => {
    const turned = { ...GIVEN.around, own: GIVEN.around.own.toReversed() }
    expect(neverBan({ ...GIVEN, around: turned })).toEqual(neverBan(GIVEN))
  })
})

import { describe, expect, it } from 'vitest'
import { ALL_BANS } from '../routes.ts'
import { banSample, banViewSample, eventSample, NOW } from '../sample/sample.ts'
import { fits, groupBans, viewOf } from './ban-list.ts'

const BANS = [
  banViewSample(1),
  banViewSample(2, { node: 'pve2' }),
  banViewSample(3, { ip: '198.51.100.7', jail: 'proxmox' }),
]

describe('groupBans', () => {
  it('folds nodes and jails of an address into one row, in the order of the newest', () => {
    const bans = [
      ...BANS,
      banViewSample(4, { jail: 'proxmox', node: 'pve2', until: NOW + 9_000_000, why: 'older' }),
    ]
    const [first, second] = groupBans(bans)
    expect(first).toMatchObject({
      ip: '203.0.113.9',
      nodes: ['pve1', 'pve2'],
      jails: ['proxmox', 'sshd'],
      since: NOW - 4_000,
      until: NOW + 9_000_000,
    })
    expect(second?.ip).toBe('198.51.100.7')
  })

  it('says where an address is at home as soon as one of its bans does', () => {
    const place = { country: 'DE', asn: 64500, network: 'Example' }
    const known = banViewSample(1, { place })
    expect(groupBans([banViewSample(2, { node: 'pve2' }), known])[0]?.place).toEqual(place)
    expect(groupBans(BANS)[0]?.place).toBeNull()
  })

  it('has no end where one ban has none', () => {
    expect(groupBans([banViewSample(1), banViewSample(2, { until: null })])[0]?.until).toBeNull()
  })
})

describe('fits', () => {
  const ban = banViewSample(1, {
    ticket: { failures: 5, first: 0, last: 1, maxretry: 5, findtime: 600, users: ['Root'], lines: [] },
  })
  it.each([
    [{}, true],
    [{ node: 'pve1' }, true],
    [{ node: 'pve2' }, false],
    [{ jail: 'proxmox' }, false],
    [{ search: '203.0.11' }, true],
    [{ search: '113.9' }, false],
    [{ search: 'sshd nobody' }, false],
    [{ search: 'ROOT' }, true],
    [{ search: 'sshd' }, true],
    [{ search: '203.0.113.0/24' }, true],
    [{ search: '198.51.100.0/24' }, false],
    [{ search: '203.0.113.10' }, false],
  ])('%j: %s', (query, expected) => expect(fits(ban, { ...ALL_BANS, ...query })).toBe(expected))

  it('finds the subnet around an address', () => {
    expect(fits(banViewSample(1, { ip: '203.0.113.0/24' }), { ...ALL_BANS, search: '203.0.113.77' })).toBe(
      true,
    )
  })
})

describe('viewOf', () => {
  it('says why in words, also before history has', () => {
    const added = eventSample(50, { kind: 'ban.added', ban: banSample({ ip: '192.0.2.4' }) })
    expect(viewOf(added)?.why).toContain('banned by ada')
  })
})

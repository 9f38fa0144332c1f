import type { BanView } from '@warder/protocol/api'
import { describe, expect, it } from 'vitest'
import { ALL_BANS } from '../routes.ts'
import { banSample, banViewSample, eventSample, failureSample, NOW } from '../sample/sample.ts'
import { applyToActive, fits, groupBans, viewOf, withPage } from './ban-list.ts'

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
    const longer = eventSample(7, { kind: 'ban.extended', ban: banSample() })
    const [after] = applyToActive([{ ...known, node: longer.node }], [longer], ALL_BANS)
    expect(after?.place).toEqual(place)
  })

  it('has no end where one ban has none', () => {
    expect(groupBans([banViewSample(1), banViewSample(2, { until: null })])[0]?.until).toBeNull()
  })

  it('keeps rows whose bans are the same', () => {
    const before = groupBans(BANS)
    const after = groupBans([banViewSample(9, { ip: '192.0.2.4' }), ...BANS], before)
    expect(after[1]).toBe(before[0])
    expect(after[2]).toBe(before[1])
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

describe('applyToActive', () => {
  const added = eventSample(50, { kind: 'ban.added', ban: banSample({ ip: '192.0.2.4' }) })

  it('puts a new ban first', () => {
    const list = applyToActive(BANS, [added], ALL_BANS)
    expect(list).toHaveLength(4)
    expect(list[0]).toMatchObject({ ip: '192.0.2.4', node: 'pve1', id: -50, active: true, by: 'ada' })
  })

  it('leaves out what the filter does not show', () => {
    expect(applyToActive(BANS, [added], { ...ALL_BANS, node: 'pve2' })).toBe(BANS)
  })

  it('replaces a ban that is there, at its place', () => {
    const event = eventSample(51, { kind: 'ban.extended', ban: banSample({ until: null }) })
    const list = applyToActive(BANS, [event], ALL_BANS)
    expect(list).toHaveLength(3)
    expect(list[0]).toMatchObject({ id: 1, until: null })
  })

  it.each(['ban.lifted', 'ban.expired'] as const)('takes out what is %s, on that node only', (kind) => {
    const over = { jail: 'sshd', ip: '203.0.113.9' }
    const event =
      kind === 'ban.lifted' ? ({ kind, ...over, by: 'ada' } as const) : ({ kind, ...over } as const)
    const list = applyToActive(BANS, [eventSample(52, event)], ALL_BANS)
    expect(list.map((ban) => ban.id)).toEqual([2, 3])
    expect(applyToActive(list, [eventSample(53, event)], ALL_BANS)).toBe(list)
  })

  it('takes many at once as one after the other', () => {
    const ban = (seq: number, ip: string) => eventSample(seq, { kind: 'ban.added', ban: banSample({ ip }) })
    const lift = (seq: number, ip: string) =>
      eventSample(seq, { kind: 'ban.expired', jail: 'sshd', ip } as const)
    const events = [
      ban(60, '192.0.2.4'),
      ban(61, '192.0.2.5'),
      eventSample(62, failureSample()),
      lift(63, '192.0.2.4'),
      lift(64, '203.0.113.9'),
      ban(65, '192.0.2.4'),
      ban(66, '192.0.2.6'),
      lift(67, '192.0.2.99'),
    ]
    const asList: readonly BanView[] = BANS
    const atOnce = applyToActive(BANS, events, ALL_BANS)
    expect(atOnce).toEqual(events.reduce((list, event) => applyToActive(list, [event], ALL_BANS), asList))
    expect(atOnce.map(({ id }) => id)).toEqual([-66, -65, -61, 2, 3])
    expect(
      applyToActive(
        BANS,
        [events[2], events[7]].filter((each) => each !== undefined),
        ALL_BANS,
      ),
    ).toBe(BANS)
  })

  it('says why in words, also before history has', () => {
    expect(viewOf(added)?.why).toContain('banned by ada')
  })
})

describe('withPage', () => {
  it('adds what is not there yet', () => {
    expect(
      withPage(BANS, [banViewSample(77), banViewSample(5, { ip: '192.0.2.9' })]).map((ban) => ban.id),
    ).toEqual([1, 2, 3, 5])
    expect(withPage(BANS, [banViewSample(1)])).toBe(BANS)
  })
})

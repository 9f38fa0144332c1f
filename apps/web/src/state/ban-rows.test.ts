import type { EventView } from '@warder/protocol/api'
import { describe, expect, it } from 'vitest'
import { ALL_BANS } from '../routes.ts'
import { banSample, banViewSample, eventSample, failureSample } from '../sample/sample.ts'
import { BanRows } from './ban-rows.ts'

const BANS = [
  banViewSample(1),
  banViewSample(2, { node: 'pve2' }),
  banViewSample(3, { ip: '198.51.100.7', jail: 'proxmox' }),
]
const idsOf = (rows: BanRows): readonly number[] =>
  rows.groups.flatMap((group) => group.bans.map(({ id }) => id))
const ban = (seq: number, ip: string): EventView =>
  eventSample(seq, { kind: 'ban.added', ban: banSample({ ip }) })
const end = (seq: number, ip: string): EventView =>
  eventSample(seq, { kind: 'ban.expired', jail: 'sshd', ip })

describe('an event', () => {
  it('puts the row of a new ban first, and leaves all others as they are', () => {
    const rows = new BanRows(BANS)
    const before = rows.groups
    expect(rows.apply([ban(50, '192.0.2.4')], ALL_BANS)).toBe(true)
    expect(rows.groups[0]?.bans[0]).toMatchObject({ ip: '192.0.2.4', node: 'pve1', id: -50, active: true })
    expect(rows.groups.slice(1)).toEqual(before)
    expect(rows.groups[1]).toBe(before[0])
    expect(rows.has('192.0.2.4')).toBe(true)
  })

  it('of a ban on a further node brings its row to the top', () => {
    const rows = new BanRows(BANS)
    rows.apply([ban(51, '198.51.100.7')], ALL_BANS)
    expect(rows.groups.map(({ ip }) => ip)).toEqual(['198.51.100.7', '203.0.113.9'])
    expect(rows.groups[0]?.jails).toEqual(['proxmox', 'sshd'])
  })

  it('is left out where the filter does not show it', () => {
    const rows = new BanRows(BANS)
    expect(rows.apply([ban(50, '192.0.2.4')], { ...ALL_BANS, node: 'pve2' })).toBe(false)
    expect(rows.apply([eventSample(51, failureSample())], ALL_BANS)).toBe(false)
    expect(idsOf(rows)).toEqual([1, 2, 3])
  })

  it('replaces a ban that is there, at its place, and keeps where its address is at home', () => {
    const place = { country: 'DE', asn: 64500, network: 'Example' }
    const rows = new BanRows([BANS[2] ?? banViewSample(3), banViewSample(1, { place })])
    rows.apply([eventSample(51, { kind: 'ban.extended', ban: banSample({ until: null }) })], ALL_BANS)
    expect(rows.groups[1]).toMatchObject({ until: null, place, bans: [{ id: 1, until: null }] })
  })

  it.each(['ban.lifted', 'ban.expired'] as const)('takes out what is %s, on that node only', (kind) => {
    const over = { jail: 'sshd', ip: '203.0.113.9' }
    const event =
      kind === 'ban.lifted' ? ({ kind, ...over, by: 'ada' } as const) : ({ kind, ...over } as const)
    const rows = new BanRows(BANS)
    expect(rows.apply([eventSample(52, event)], ALL_BANS)).toBe(true)
    expect(idsOf(rows)).toEqual([2, 3])
    expect(rows.apply([eventSample(53, event)], ALL_BANS)).toBe(false)
  })

  it('is taken with many at once as one after the other', () => {
    const events = [
      ban(60, '192.0.2.4'),
      ban(61, '192.0.2.5'),
      eventSample(62, failureSample()),
      end(63, '192.0.2.4'),
      end(64, '203.0.113.9'),
      ban(65, '192.0.2.4'),
      ban(66, '192.0.2.6'),
      end(67, '192.0.2.99'),
      ban(68, '198.51.100.7'),
      end(69, '198.51.100.7'),
    ]
    const [atOnce, oneByOne] = [new BanRows(BANS), new BanRows(BANS)]
    atOnce.apply(events, ALL_BANS)
    for (const event of events) oneByOne.apply([event], ALL_BANS)
    expect(atOnce.groups).toEqual(oneByOne.groups)
    expect(idsOf(atOnce)).toEqual([3, -66, -65, -61, 2])
    expect(['192.0.2.4', '192.0.2.99'].map((ip) => atOnce.has(ip))).toEqual([true, false])
  })
})

describe('a further page', () => {
  it('adds what is not there yet: rows behind the others, bans to the row of their address', () => {
    const rows = new BanRows(BANS)
    const before = rows.groups
    rows.add([banViewSample(77), banViewSample(5, { ip: '192.0.2.9' })])
    expect(idsOf(rows)).toEqual([1, 2, 3, 5])
    expect(rows.groups[0]).toBe(before[0])
    rows.add([banViewSample(6, { node: 'pve3' })])
    expect(rows.groups[0]?.nodes).toEqual(['pve1', 'pve2', 'pve3'])
  })

  it('holds past bans of one place side by side', () => {
    const past = (id: number) => banViewSample(id, { active: false })
    const rows = new BanRows([past(8)])
    rows.add([past(8), past(9)])
    expect(idsOf(rows)).toEqual([8, 9])
  })
})

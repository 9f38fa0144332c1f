import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { banned, failure, LabNode, report } from '../lab/agent.ts'
import { openLabDatabase, planOf } from './lab.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../timeline/buckets.ts'
import { cutOfRange } from '../insights/cut.ts'
import { INSIGHT_SQL } from './insight-store.ts'
import { networksOf } from '../insights/networks.ts'

const MIDNIGHT = NOON - 12 * HOUR_MS

describe('the cut of a range', () => {
  it.each([
    [
      'a moment of today',
      NOON + 5,
      NOON + 10,
      [MINUTE_MS, NOON, NOON + MINUTE_MS],
      [HOUR_MS, NOON, NOON + HOUR_MS],
    ],
    [
      'whole hours, which stay as they are',
      NOON - HOUR_MS,
      NOON,
      [MINUTE_MS, NOON - HOUR_MS, NOON],
      [HOUR_MS, NOON - HOUR_MS, NOON],
    ],
    [
      'last week, of which addresses are known by the day',
      NOON - 7 * DAY_MS,
      NOON,
      [HOUR_MS, NOON - 7 * DAY_MS, NOON],
      [DAY_MS, MIDNIGHT - 7 * DAY_MS, MIDNIGHT + DAY_MS],
    ],
    [
      'two months ago, of which all is known by the day',
      NOON - 60 * DAY_MS,
      NOON - 59 * DAY_MS,
      [DAY_MS, MIDNIGHT - 60 * DAY_MS, MIDNIGHT - 58 * DAY_MS],
      [DAY_MS, MIDNIGHT - 60 * DAY_MS, MIDNIGHT - 58 * DAY_MS],
    ],
  ])('%s', (_name, from, to, counters, wide) => {
    const cut = cutOfRange(from, to, NOON + 30 * 60_000)
    expect([cut.counters.span, cut.counters.from, cut.counters.to]).toEqual(counters)
    expect([cut.wide.span, cut.wide.from, cut.wide.to]).toEqual(wide)
    expect(cut.wide.starts.length).toBe((cut.wide.to - cut.wide.from) / cut.wide.span)
  })

  it('is never thousands of spans, wherever the range lies', () => {
    expect(cutOfRange(NOON + DAY_MS, NOON + 366 * DAY_MS, NOON).wide.starts.length).toBeLessThan(400)
  })
})

describe('networksOf', () => {
  it('adds up the addresses of each network, the most first, and leaves out what is not known', () => {
    const of = (asn: number | null, network: string | null, failures: number) => ({
      failures,
      bans: 1,
      place: { country: 'DE', asn, network },
    })
    const rows = [of(1, null, 3), of(2, 'Two', 4), of(1, 'One', 2), of(null, null, 9)]
    expect(networksOf([...rows, { failures: 9, bans: 0, place: null }], 9)).toEqual([
      { asn: 1, network: 'One', failures: 5, bans: 2 },
      { asn: 2, network: 'Two', failures: 4, bans: 1 },
    ])
  })
})

it.each([
  ['nodes', 'counters_by_time'],
  ['jails', 'counters_by_time'],
  ['total', 'counters_by_time'],
  ['countries', 'PRIMARY KEY'],
  ['users', 'events_by_kind'],
] as const)('answers "%s" from %s', (name, index) => {
  using lab = openLabDatabase()
  expect(planOf(lab.db, INSIGHT_SQL[name])).toContain(index)
})

describe('GET /insights', () => {
  let lab: Lab
  beforeEach(async () => {
    lab = await startLab()
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  it('tells what counted most in a range, and leaves out what happened before and after', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    const now = lab.clock.now()
    const before = now - 3 * HOUR_MS
    await report(
      link,
      node.record(
        now,
        failure('203.0.113.1', before),
        failure('203.0.113.9', now),
        failure('203.0.113.9', now),
        failure('192.0.2.1', now, 'proxmox'),
        banned('203.0.113.9', now),
      ),
    )
    const { body } = await lab.as('GET', `${PATHS.insights}?from=${now - HOUR_MS}&to=${now + 1}`)
    expect(body).toMatchObject({
      from: NOON - HOUR_MS,
      to: NOON + MINUTE_MS,
      wide: { from: NOON - HOUR_MS, to: NOON + HOUR_MS },
      failures: 3,
      bans: 1,
      nodes: [{ name: 'pve1', failures: 3, bans: 1 }],
      jails: [
        { name: 'sshd', failures: 2, bans: 1 },
        { name: 'proxmox', failures: 1, bans: 0 },
      ],
      countries: [{ name: '', failures: 3, bans: 1 }],
      networks: { rows: [], of: 2 },
    })
    expect(body.addresses.map((row: { ip: string }) => row.ip)).toEqual(['203.0.113.9', '192.0.2.1'])
    expect(body.users.rows).toEqual([{ name: 'root', failures: 4 }])
    const earlier = await lab.as('GET', `${PATHS.insights}?from=${before}&to=${before + 1}`)
    expect(earlier.body).toMatchObject({ failures: 1, bans: 0 })
  })

  it.each([
    '',
    '?from=2&to=1',
    '?from=1&to=1',
    `?from=0&to=${367 * DAY_MS}`,
    '?from=x&to=2',
    '?from=0&to=9e99',
  ])('refuses a range that is none: %s', async (query) => {
    const { status, body } = await lab.as('GET', `${PATHS.insights}${query}`)
    expect([status, body.code]).toEqual([400, 'input.invalid'])
  })
})

import { describe, expect, it } from 'vitest'
import { failure, banned } from '../lab/agent.ts'
import {
  cutOf,
  DAY_MS,
  HOUR_MS,
  inLastMinute,
  MINUTE_MS,
  piecesSince,
  spansOf,
  spanStart,
} from './buckets.ts'
import { Tally } from './tally.ts'

const NOON = Date.UTC(2026, 10, 20, 12)

describe('the cut of a timeline', () => {
  it.each([
    [1, NOON, 5 * MINUTE_MS, 5 * MINUTE_MS, NOON + 5 * MINUTE_MS],
    [24, NOON + 4 * MINUTE_MS, 5 * MINUTE_MS, 5 * MINUTE_MS, NOON + 5 * MINUTE_MS],
    [25, NOON + 4 * MINUTE_MS, HOUR_MS, HOUR_MS, NOON + HOUR_MS],
    [744, NOON - 1, HOUR_MS, HOUR_MS, NOON],
  ])('of %i hours ends with the bucket of now', (hours, now, bucketMs, span, to) => {
    expect(cutOf(hours, now)).toEqual({ from: to - hours * HOUR_MS, to, bucketMs, span })
  })
})

it.each([
  [NOON, 60, 0, 60],
  [NOON + 15_000, 60, 5, 50],
  [NOON + 59_999, 60, 5, 5],
])(
  'the last minute at %d is a share of the one before (%d) and the current one (%d)',
  (now, before, current, n) => {
    expect(inLastMinute(now, { before, current })).toBe(n)
  },
)

describe('spans', () => {
  it.each([
    [1, 1, 1, HOUR_MS],
    [24, 34, 288, 5 * MINUTE_MS],
    [24, 35, 96, 15 * MINUTE_MS],
    [24, 104, 96, 15 * MINUTE_MS],
    [24, 105, 24, HOUR_MS],
    [24, 1_000, 24, HOUR_MS],
    [744, 13, 744, HOUR_MS],
    [744, 14, 31, DAY_MS],
    [744, 1_000, 31, DAY_MS],
  ])('%d hours of %d nodes have %d buckets of %d ms at most', (hours, nodes, buckets, ms) => {
    const cut = cutOf(hours, NOON, nodes)
    if (hours > 1) expect(cut.bucketMs).toBe(ms)
    expect((cut.to - cut.from) / cut.bucketMs).toBe(hours === 1 ? 12 : buckets)
  })

  it('of the last hours are whole, end with the one that is now, and are days where they are many', () => {
    expect(spansOf(2, NOON + 5).starts).toEqual([NOON - HOUR_MS, NOON])
    expect(spansOf(72, NOON + 5)).toEqual({
      span: DAY_MS,
      starts: [2, 1, 0].map((days) => NOON - 12 * HOUR_MS - days * DAY_MS),
    })
  })

  it('since a minute are minutes up to the next hour, and hours behind it', () => {
    const from = NOON - 90 * MINUTE_MS
    expect(piecesSince(from).map(({ span, from: at }) => [span, at])).toEqual([
      [MINUTE_MS, from],
      [HOUR_MS, NOON - HOUR_MS],
    ])
    expect(piecesSince(NOON).map(({ from: at }) => at)).toEqual([NOON, NOON])
  })
})

describe('a tally', () => {
  it('counts many events in few rows, and a failure when it happened', () => {
    const tally = new Tally()
    for (let i = 0; i < 100; i++) tally.add(1, NOON, failure('192.0.2.1', NOON - 1))
    tally.add(1, NOON, banned('192.0.2.1', NOON))
    tally.add(1, NOON, { kind: 'ban.expired', jail: 'sshd', ip: '192.0.2.1' })
    const rows = tally.counts.map(({ span, at, failures, bans }) => [span, at, failures, bans])
    expect(rows).toEqual([
      [MINUTE_MS, NOON - MINUTE_MS, 100, 0],
      [HOUR_MS, NOON - HOUR_MS, 100, 0],
      [DAY_MS, NOON - 12 * HOUR_MS, 100, 1],
      [MINUTE_MS, NOON, 0, 1],
      [HOUR_MS, NOON, 0, 1],
    ])
    expect(tally.matches).toEqual([{ nodeId: 1, jail: 'sshd', at: NOON - 1 }])
  })

  it('puts no failure into the future', () => {
    const tally = new Tally()
    tally.add(1, NOON, failure('192.0.2.1', NOON + HOUR_MS))
    expect(tally.matches[0]?.at).toBe(NOON)
    expect(tally.counts[0]?.at).toBe(spanStart(NOON, MINUTE_MS))
  })
})

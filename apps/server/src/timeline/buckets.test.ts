import { describe, expect, it } from 'vitest'
import { failure, banned } from '../lab/agent.ts'
import { cutOf, HOUR_MS, MINUTE_MS, spanStart } from './buckets.ts'
import { Tally } from './tally.ts'

const NOON = Date.UTC(2026, 10, 20, 12)

describe('the cut of a timeline', () => {
  it.each([
    [1, NOON, 5 * MINUTE_MS, MINUTE_MS, NOON + 5 * MINUTE_MS],
    [24, NOON + 4 * MINUTE_MS, 5 * MINUTE_MS, MINUTE_MS, NOON + 5 * MINUTE_MS],
    [25, NOON + 4 * MINUTE_MS, HOUR_MS, HOUR_MS, NOON + HOUR_MS],
    [744, NOON - 1, HOUR_MS, HOUR_MS, NOON],
  ])('of %i hours ends with the bucket of now', (hours, now, bucketMs, span, to) => {
    expect(cutOf(hours, now)).toEqual({ from: to - hours * HOUR_MS, to, bucketMs, span })
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

import { describe, expect, it } from 'vitest'
import { dateToEpoch, REFUSED, UTC, type ZoneOffset } from './parse.ts'

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0)

/** `Y=2026 m=11` → fields. */
const fieldsOf = (text: string): Map<string, string> =>
  new Map(
    text.split(' ').map((pair): [string, string] => {
      const [name = '', value = ''] = pair.split('=')
      return [name, value]
    }),
  )

const asText = (at: number | 'refused' | null): string | null =>
  typeof at !== 'number' ? at : new Date(at).toISOString().replace('.000Z', '')

describe('dateToEpoch in UTC', () => {
  it.each([
    ['Y=2026 m=11 d=20 H=09 M=44 S=53', '2026-11-20T09:44:53'],
    ['Y=2026 m=1 d=1', '2026-01-01T00:00:00'],
    ['Y=2024 m=2 d=29 H=23 M=59 S=59', '2024-02-29T23:59:59'],
    ['Y=2000 m=2 d=29', '2000-02-29T00:00:00'],
    ['Y=1999 b=Dec d=31', '1999-12-31T00:00:00'],
    ['Y=2026 B=NOVEMBER d=20', '2026-11-20T00:00:00'],
    ['y=26 m=11 d=20', '2026-11-20T00:00:00'],
    // without a year: this one, or the last one when that is more than a day ahead
    ['b=Nov d=20 H=09 M=44 S=53', '2026-11-20T09:44:53'],
    ['b=Nov d=21 H=11 M=59 S=59', '2026-11-21T11:59:59'],
    ['b=Nov d=21 H=12 M=00 S=01', '2025-11-21T12:00:01'],
    ['b=Dec d=31 H=23 M=59 S=59', '2025-12-31T23:59:59'],
    ['b=Jan d=1 H=0 M=0 S=0', '2026-01-01T00:00:00'],
    // without a day: today, or yesterday when that is ahead
    ['H=11 M=59 S=59', '2026-11-20T11:59:59'],
    ['H=12 M=00 S=01', '2026-11-19T12:00:01'],
    // twelve hours
    ['Y=2026 m=11 d=20 I=12 p=AM', '2026-11-20T00:00:00'],
    ['Y=2026 m=11 d=20 I=12 p=PM M=30', '2026-11-20T12:30:00'],
    ['Y=2026 m=11 d=20 I=1 p=pm', '2026-11-20T13:00:00'],
    // day of the year
    ['Y=2026 j=1', '2026-01-01T00:00:00'],
    ['Y=2024 j=366', '2024-12-31T00:00:00'],
    ['Y=2026 j=366', '2027-01-01T00:00:00'],
    // a year alone is today's
    ['Y=2025', '2025-11-20T00:00:00'],
    // digits of other scripts
    ['Y=٢٠٢٦ m=١١ d=٢٠', '2026-11-20T00:00:00'],
    // zones of the line
    ['Y=2026 m=11 d=20 H=9 z=Z', '2026-11-20T09:00:00'],
    ['Y=2026 m=11 d=20 H=9 z=+0100', '2026-11-20T08:00:00'],
    ['Y=2026 m=11 d=20 H=9 z=-03:30', '2026-11-20T12:30:00'],
    ['Y=2026 m=11 d=20 H=9 z=+02', '2026-11-20T07:00:00'],
    ['Y=2026 m=11 d=20 H=9 z=GMT', '2026-11-20T09:00:00'],
    // one number
    ['epoch=1124013599', '2005-08-14T09:59:59'],
    ['long=1124013599', '2005-08-14T09:59:59'],
    ['tai64n=@4000000042ff0e2f1a2b3c4d', '2005-08-14T09:26:07'],
  ])('%s → %s', (fields, expected) => {
    expect(asText(dateToEpoch(fieldsOf(fields), { now: NOW, zone: UTC }))).toBe(expected)
  })

  it.each([
    ['epoch=1124013599.250', 1_124_013_599_250],
    ['long=1124013599123', 1_124_013_599_123],
    ['long=1124013599123456', 1_124_013_599_123],
  ])('%s keeps its milliseconds', (fields, expected) => {
    expect(dateToEpoch(fieldsOf(fields), { now: NOW, zone: UTC })).toBe(expected)
  })

  it.each([
    'Y=2026 m=2 d=30',
    'Y=2026 m=2 d=29',
    'Y=1900 m=2 d=29',
    'b=Feb d=29',
    'Y=2026 m=13 d=1',
    'Y=2026 m=11 d=20 H=24',
    'Y=2026 m=11 d=20 H=9 M=60',
    'Y=2026 m=11 d=20 H=9 M=9 S=60',
    'Y=2026 m=11 d=20 z=cest',
  ])('%s is no time', (fields) => {
    expect(dateToEpoch(fieldsOf(fields), { now: NOW, zone: UTC })).toBeNull()
  })

  it.each(['Y=2026 m=11', 'm=11', 'd=20', 'Y=2026 m=11 d=20 Z=IST', 'm=11 d=20 Z=HOST'])(
    '%s makes a line that does not count',
    (fields) => {
      expect(dateToEpoch(fieldsOf(fields), { now: NOW, zone: UTC })).toBe(REFUSED)
    },
  )

  it('knows every day of four centuries', () => {
    for (let day = Date.UTC(1890, 0, 1); day < Date.UTC(2300, 0, 1); day += 86_400_000 * 17) {
      const date = new Date(day)
      const fields = `Y=${date.getUTCFullYear()} m=${date.getUTCMonth() + 1} d=${date.getUTCDate()}`
      expect(dateToEpoch(fieldsOf(fields), { now: NOW, zone: UTC })).toBe(day)
    }
  })

  it('takes the year from the clock on every day of a leap year and its neighbours', () => {
    for (let day = Date.UTC(2027, 0, 1); day < Date.UTC(2029, 11, 31); day += 86_400_000) {
      const date = new Date(day)
      const fields = fieldsOf(`m=${date.getUTCMonth() + 1} d=${date.getUTCDate()}`)
      expect(dateToEpoch(fields, { now: day + 1_000, zone: UTC })).toBe(day)
    }
  })
})

/** Central European time in 2026: summer from 29 March, 01:00 UTC, to 25 October, 01:00 UTC. */
const BERLIN: ZoneOffset = (at) =>
  at >= Date.UTC(2026, 2, 29, 1) && at < Date.UTC(2026, 9, 25, 1) ? 120 : 60

describe('dateToEpoch in a zone with summer time', () => {
  it.each([
    ['m=11 d=20 H=9', '2026-11-20T08:00:00'],
    ['m=7 d=1 H=9', '2026-07-01T07:00:00'],
    ['m=3 d=29 H=1 M=59', '2026-03-29T00:59:00'],
    ['m=3 d=29 H=3 M=0', '2026-03-29T01:00:00'],
    ['m=10 d=25 H=1 M=59', '2026-10-24T23:59:00'],
    ['m=10 d=25 H=3 M=0', '2026-10-25T02:00:00'],
    // in the gap the clock went on: 02:30 was 03:30
    ['m=3 d=29 H=2 M=30', '2026-03-29T01:30:00'],
    // of the doubled hour the later one
    ['m=10 d=25 H=2 M=30', '2026-10-25T01:30:00'],
    // a zone in the line wins
    ['m=7 d=1 H=9 z=+0000', '2026-07-01T09:00:00'],
  ])('%s → %s', (fields, expected) => {
    expect(asText(dateToEpoch(fieldsOf(`Y=2026 ${fields}`), { now: NOW, zone: BERLIN }))).toBe(expected)
  })

  it('compares a time of another zone with the clock on the wall when it guesses the year', () => {
    const noon = Date.UTC(2026, 6, 1, 10)
    const fields = fieldsOf('m=7 d=2 H=13 M=0 S=0 z=+0100')
    // 12:00 in UTC is ahead of 12:00 on the wall by a day and no more, though it is 26 hours away.
    expect(asText(dateToEpoch(fields, { now: noon, zone: BERLIN }))).toBe('2026-07-02T12:00:00')
  })

  it('guesses the year by local time', () => {
    const newYear = Date.UTC(2025, 11, 31, 23, 30)
    expect(asText(dateToEpoch(fieldsOf('m=1 d=1 H=0 M=15'), { now: newYear, zone: BERLIN }))).toBe(
      '2025-12-31T23:15:00',
    )
  })
})

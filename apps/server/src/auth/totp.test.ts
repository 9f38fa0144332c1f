import { describe, expect, it } from 'vitest'
import { codeOf, stepAt, stepOfCode, toBase32, totpUri } from './totp.ts'

const KEY = Buffer.from('12345678901234567890')

describe('codes', () => {
  // RFC 6238, appendix B, SHA-1: the time in seconds, eight digits.
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at %i s are those of RFC 6238', (at, code) => expect(codeOf(KEY, stepAt(at * 1000), 8)).toBe(code))

  // RFC 4226, appendix D: the counter, six digits.
  it.each(
    ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'].map(
      (code, counter) => [counter, code] as const,
    ),
  )('of counter %i are those of RFC 4226', (counter, code) => expect(codeOf(KEY, counter)).toBe(code))

  it.each([
    ['now', 0, null, true],
    ['of the step before', -1, null, true],
    ['of the step after', 1, null, true],
    ['two steps old', -2, null, false],
    ['two steps early', 2, null, false],
    ['used already', 0, 0, false],
    ['older than the one used last', -1, 0, false],
    ['newer than the one used last', 1, 0, true],
  ])('%s: right is %4$s', (_name, at, last, right) => {
    const now = 1_700_000_000_000
    const step = stepAt(now)
    const found = stepOfCode(KEY, codeOf(KEY, step + at), {
      now,
      lastStep: last === null ? null : step + last,
    })
    expect(found).toBe(right ? step + at : null)
  })

  it.each([[''], ['12345'], ['1234567'], ['١٢٣٤٥٦'], ['000000\n000000'], ['-1'], ['1e5']])(
    'that are none are wrong: %j',
    (code) => expect(stepOfCode(KEY, code, { now: 59_000, lastStep: null })).toBeNull(),
  )

  it('are taken as apps show them, in two groups', () =>
    expect(stepOfCode(KEY, ' 287 082 ', { now: 59_000, lastStep: null })).toBe(1))
})

// RFC 4648, section 10, without padding.
it.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('base32 of %j is %j', (text, base32) => expect(toBase32(Buffer.from(text))).toBe(base32))

it('tells apps whose codes they are, whatever the name', () => {
  const uri = new URL(totpUri(KEY, 'ada & co?#/:'))
  expect(decodeURIComponent(uri.pathname)).toContain('Warder:ada & co?#/:')
  expect(Object.fromEntries(uri.searchParams)).toMatchObject({
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    issuer: 'Warder',
    digits: '6',
    period: '30',
  })
})

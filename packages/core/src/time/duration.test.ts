import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration } from './duration.ts'

describe('parseDuration reads the durations of fail2ban', () => {
  it.each([
    ['600', 600],
    ['0', 0],
    ['-1', -1],
    ['-1d', -86_400],
    ['10m', 600],
    ['10M', 600],
    ['10 minutes', 600],
    ['1mm', 60],
    ['1min', 60],
    ['1s', 1],
    ['30 seconds', 30],
    ['1h', 3_600],
    ['2 hours', 7_200],
    ['1d', 86_400],
    ['2da', 172_800],
    ['1w', 604_800],
    ['2we', 1_209_600],
    ['3 weeks', 1_814_400],
    ['1mo', 2_629_800],
    ['6 months', 15_778_800],
    ['1y', 31_557_600],
    ['1 year', 31_557_600],
    ['1se 1mi 1ho 1ye', 31_561_261],
    ['1sec 1min 1hou 1da 1wee 1mon 1yea', 34_882_261],
    ['1d 12h 30m', 131_400],
    ['1d12h30m', 131_400],
    ['1h30', 3_630],
    ['1H 5', 3_605],
    ['1.5h', 5_400],
    ['.5h', 1_800],
    ['1hour+30min', 5_400],
    ['1year-6mo', 15_778_800],
    ['24*60*60', 86_400],
    ['24 * 60 * 60', 86_400],
    ['(1h + 30m) * 2', 10_800],
    ['1d/2', 43_200],
    ['2*-3', -6],
    ['+5', 5],
    ['  600  ', 600],
    ['5m # a remark', 300],
    ['1.2', 1],
  ])('%s → %d', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })

  it.each([
    '',
    '   ',
    '# only a remark',
    'h',
    'abc',
    '1 fortnight',
    '007',
    '1h 02m 3',
    '5.h',
    '1e3',
    '1 2 3',
    '1h -',
    '*5',
    '(5',
    '5)',
    '()',
    '5 % 0',
    '1/0',
    '0/0',
    '9**9**9',
    '1;2',
    '1e400',
    '__import__',
    `${'1+'.repeat(200)}1`,
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeNull()
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [1, '1s'],
    [60, '1m'],
    [61, '1m 1s'],
    [600, '10m'],
    [5_400, '1h 30m'],
    [3_600, '1h'],
    [86_400, '1d'],
    [604_800, '1w'],
    [694_861, '1w 1d 1h 1m 1s'],
    [-1, 'for ever'],
  ])('%d → %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })

  it('is read back as the same number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 * 365 * 86_400 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds)
      }),
    )
  })
})

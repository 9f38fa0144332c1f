import { describe, expect, it } from 'vitest'
import { compileGrowth, grownBantime, readGrowth, weightOf, type Repeat } from './growth.ts'

function bantime(options: Record<string, string>, repeat: Repeat): number | null {
  const read = readGrowth((name) => ({ 'bantime.increment': 'true', ...options })[name])
  if (!read.ok) throw new Error(read.problem)
  return grownBantime(read.growth === null ? null : compileGrowth(read.growth), repeat)
}

describe('a ban that is repeated', () => {
  it.each<[string, Record<string, string>, Repeat, number | null]>([
    ['is not longer the first time', { 'bantime.factor': '3' }, { bantime: 600, count: 0 }, 600],
    ['doubles', {}, { bantime: 600, count: 2 }, 2400],
    ['stops doubling at 20', {}, { bantime: 1, count: 99 }, 2 ** 20],
    ['is multiplied', { 'bantime.multipliers': '1 2 9' }, { bantime: 10, count: 2 }, 90],
    ['takes the last multiplier', { 'bantime.multipliers': '1 2 9' }, { bantime: 10, count: 7 }, 90],
    ['has a limit', { 'bantime.maxtime': '1h' }, { bantime: 600, count: 9 }, 3600],
    ['has a limit below bantime', { 'bantime.maxtime': '5m' }, { bantime: 600, count: 1 }, 300],
    ['gets a bit by chance', { 'bantime.rndtime': '100' }, { bantime: 600, count: 1, chance: 0.5 }, 1250],
    ['is never shorter by formula', { 'bantime.formula': 'ban.Time / 10' }, { bantime: 600, count: 1 }, 600],
    ['stays for ever', {}, { bantime: -1, count: 3 }, -1],
    ['has no length', { 'bantime.formula': 'ban.Time / (ban.Count - 1)' }, { bantime: 600, count: 1 }, null],
    ['follows a switch', { 'bantime.increment': 'no' }, { bantime: 600, count: 5 }, 600],
    [
      'follows a choice',
      { 'bantime.formula': 'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor' },
      { bantime: 600, count: 3 },
      4800,
    ],
    [
      'follows powers, divisions and logic',
      { 'bantime.formula': 'ban.Time + 2**3 + 7//2 + -7 % 4 + (1 if not 0 and 2 > 1 or 0 else 9)' },
      { bantime: 100, count: 1 },
      113,
    ],
  ])('%s', (_, options, repeat, expected) => {
    expect(bantime(options, repeat)).toBe(expected)
  })

  it.each([
    { 'bantime.formula': '__import__("os")' },
    { 'bantime.formula': 'ban.Time.real' },
    { 'bantime.formula': 'ban.Time *' },
    { 'bantime.formula': `${'('.repeat(100)}1` },
    { 'bantime.formula': '9'.repeat(501) },
    { 'bantime.factor': 'ban.Time' },
    { 'bantime.factor': '1/0' },
    { 'bantime.maxtime': '1 fortnight' },
    { 'bantime.multipliers': '1 x' },
  ])('refuses %j', (options) => {
    expect(() => bantime(options, { bantime: 600, count: 1 })).toThrow()
  })
})

describe('a failure of a known offender', () => {
  it.each([
    [0, 10, 1],
    [1, 10, 2],
    [2, 10, 3],
    [3, 10, 5],
    [4, 10, 9],
    [5, 10, 10],
    [99, 10_000, 10_000],
    [1, 1, 1],
  ])('after %i bans with maxretry %i counts %i times', (count, maxretry, weight) => {
    expect(weightOf(count, maxretry)).toBe(weight)
  })
})

import { describe, expect, it } from 'vitest'
import type { FilterDefinition } from './definition.ts'
import { filterProblems } from './problems.ts'

const filterOf = (over: Partial<FilterDefinition>): FilterDefinition => ({
  name: 'tried',
  failregex: [],
  ignoreregex: [],
  maxlines: 1,
  journalmatch: [],
  ...over,
})

describe('filterProblems', () => {
  it.each<[string, Partial<FilterDefinition>, readonly (readonly [string, number, RegExp])[]]>([
    ['nothing', { failregex: ['<HOST>'] }, []],
    ['no expression', {}, [['filter', 0, /there is none/]]],
    [
      'each broken one at its place',
      { failregex: ['a <HOST>', '(<HOST>', 'no address'], ignoreregex: ['ok', '[z'], datepattern: '%Q' },
      [
        ['failregex', 1, /./],
        ['failregex', 2, /^it captures no address; add <HOST>$/],
        ['ignoreregex', 1, /./],
        ['datepattern', 0, /./],
      ],
    ],
    ['a broken prefregex once', { prefregex: '(', failregex: ['<HOST>'] }, [['prefregex', 0, /./]]],
    ['too many lines', { failregex: ['<HOST>'], maxlines: 1_000 }, [['filter', 0, /maxlines/]]],
  ])('names %s', (_, over, expected) => {
    const problems = filterProblems(filterOf(over))
    expect(problems.map(({ option, index }) => [option, index])).toEqual(
      expected.map(([option, index]) => [option, index]),
    )
    for (const [at, [, , words]] of expected.entries()) expect(problems[at]?.message).toMatch(words)
  })
})

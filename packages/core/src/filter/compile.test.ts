import { describe, expect, it } from 'vitest'
import { compileFilter } from './compile.ts'
import type { FilterDefinition } from './definition.ts'

const DEFINITION: FilterDefinition = {
  name: 'app',
  failregex: ['^bad <HOST>$'],
  ignoreregex: [],
  maxlines: 1,
  journalmatch: [],
}

function problemsOf(change: Partial<FilterDefinition>): readonly string[] {
  const compiled = compileFilter({ ...DEFINITION, ...change })
  return compiled.ok ? [] : compiled.problems
}

describe('compileFilter', () => {
  it.each<[string, Partial<FilterDefinition>]>([
    ['one expression', {}],
    ['a prefix', { prefregex: '^app: <F-CONTENT>.+</F-CONTENT>$' }],
    ['an address in the prefix', { prefregex: '^app <HOST>: ', failregex: ['bad', 'worse'] }],
    [
      'a story in the prefix',
      { prefregex: '^<F-MLFID>\\S+</F-MLFID> <F-CONTENT>.+</F-CONTENT>', failregex: ['bad'] },
    ],
    ['an identifier that is no address', { failregex: ['^bad <F-ID/>$'] }],
    ['an ignoreregex without an address', { ignoreregex: ['trusted'] }],
    ['a datepattern', { datepattern: '%Y-%m-%d' }],
  ])('takes %s', (_, change) => {
    expect(problemsOf(change)).toEqual([])
  })

  it.each<[string, Partial<FilterDefinition>, string]>([
    ['no expression', { failregex: [] }, 'filter app: failregex: there is none'],
    ['an empty expression', { failregex: [' '] }, 'filter app: failregex " ": it is empty'],
    [
      'no address',
      { failregex: ['^bad$'] },
      'filter app: failregex "^bad$": it captures no address; add <HOST>',
    ],
    ['a tag that is misspelt', { failregex: ['^bad <HOSTS>$'] }, 'it captures no address'],
    [
      'a broken expression',
      { failregex: ['^(bad <HOST>$'] },
      'failregex "^(bad <HOST>$": a group is not closed',
    ],
    ['a broken prefix', { prefregex: '[' }, 'prefregex "[": a character class is not closed'],
    ['a broken ignoreregex', { ignoreregex: ['*'] }, 'ignoreregex "*": nothing to repeat'],
    ['too many lines', { maxlines: 101 }, 'maxlines = 101: at most 100'],
    ['a datepattern that is none', { datepattern: '%Q' }, 'datepattern "%Q": the directive %Q'],
    ['a tag that is not closed', { failregex: ['<F-USER>x <HOST>'] }, 'a group is not closed'],
  ])('refuses %s', (_, change, message) => {
    expect(problemsOf(change).join('\n')).toContain(message)
  })

  it('tells all problems at once', () => {
    expect(
      problemsOf({ failregex: ['(', '^x$', '^bad <HOST>$'], ignoreregex: [')'], maxlines: 300 }),
    ).toHaveLength(4)
  })

  it('shows long expressions shortened', () => {
    const [problem = ''] = problemsOf({ failregex: [`(${'a'.repeat(5_000)} <HOST>`] })
    expect(problem.length).toBeLessThan(400)
  })
})

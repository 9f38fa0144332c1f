import { describe, expect, it } from 'vitest'
import { parseRegex } from './parse.ts'
import { dependsOnReading, printRegex } from './print.ts'
import { splitConditionals } from './variants.ts'

const printed = (pattern: string): string =>
  printRegex(splitConditionals(parseRegex(pattern)), 'ascii').source

describe('what V8 is given', () => {
  it.each([
    ['abc', 'abc'],
    ['a.c', 'a[^\\u000a]c'],
    ['^a$', '^a(?:\\n?$)'],
    ['a\\Z', 'a$'],
    ['\\d', '[0-9]'],
    ['\\D', '[^0-9]'],
    ['(?i)a1', '[Aa]1'],
    ['(a)b', '(?:a)b'],
    ['(?P<x>a)b', '(a)b'],
    ['a|b', 'a|b'],
    ['(?:a|b)c', '(?:a|b)c'],
    ['a{2,3}', 'a{2,3}'],
    ['a{2,}', 'a{2,}'],
    ['a{,3}', 'a{0,3}'],
    ['a{17}', 'a'.repeat(17)],
    ['a{15,17}', `${'a'.repeat(15)}(?:a(?:a)?)?`],
    ['a{15,17}?', `${'a'.repeat(15)}(?:a(?:a)??)??`],
    ['a{18,}', `${'a'.repeat(18)}a*`],
    ['(?:b{4}){5}', '(?:bbbb){5}'],
    ['(?P<x>a){17}', '(a){17}'],
    ['(?:a?){17}', '(?:a?){17}'],
    ['(?:a|b?c*|^){17}', '(?:a|b?c*|^){17}'],
    ['(?:a|b?c+){17}', `${'(?:a|b?c+)'.repeat(17)}`],
    ['(?>a)', '(?=(a))\\1(?:)'],
    ['a++', '(?=(a+))\\1(?:)'],
    ['(a)\\1', '(a)(?:\\1)'],
    ['(?!a)(?=b)(?<=c)(?<!d)', '(?!a)(?=b)(?<=c)(?<!d)'],
    ['[]]', '[\\]]'],
    ['[^\\s\\S]', '[]'],
    ['/', '\\/'],
    ['(a)?(?(1)b|c)', '(?:a)b|c'],
    ['(a)?\\1', '(a)(?:\\1)|[]'],
  ])('%s → %s', (pattern, source) => {
    expect(printed(pattern)).toBe(source)
  })

  it('names its groups by position', () => {
    const { names } = printRegex(parseRegex('(?P<a>(?P<b>x)(y))(?>z)(?P<a>w)'), 'ascii')
    expect(names).toEqual(['a', 'b', null, 'a'])
  })

  it.each([
    ['abc', false],
    ['\\s', false],
    ['\\w', true],
    ['(?a)\\w', false],
    ['(?:x[^\\d])?', true],
  ])('depends on the characters of the text: %s %s', (pattern, depends) => {
    expect(dependsOnReading(parseRegex(pattern))).toBe(depends)
  })
})

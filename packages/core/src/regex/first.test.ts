import { describe, expect, it } from 'vitest'
import { firstChars } from './first.ts'
import { parseRegex } from './parse.ts'

describe('firstChars', () => {
  it.each([
    ['^Failed password', ['F']],
    ['^(?:error: )?Received', ['e', 'R']],
    ['^(?:fatal|Timeout) x', ['f', 'T']],
    ['^(?:ab)+', ['a']],
    ['^(?:ab|)cd', ['a', 'c']],
    ['^(?P<user>ab)', ['a']],
    ['^(?:ab)*', null],
    ['^\\s*Failed', null],
    ['^[Ff]ailed', null],
    ['^(?i:failed)', null],
    ['^(?=a)b', null],
    ['^\\bab', null],
    ['Failed', null],
    ['^a|b', null],
    ['', null],
  ])('%j → %j', (pattern, chars) => {
    const found = firstChars(parseRegex(pattern))
    expect(found === null ? null : [...found].toSorted()).toEqual(chars?.toSorted() ?? null)
  })
})

import { describe, expect, it } from 'vitest'
import { requiredText } from './literal.ts'
import { parseRegex } from './parse.ts'

describe('requiredText', () => {
  it.each([
    ['^Failed password for \\S+ from', 'Failed password for '],
    ['a(bcd)ef', 'abcdef'],
    ['ab(?:xyz)?cde', 'cde'],
    ['abc|abd', null],
    ['(?:abc|abd) from', ' from'],
    ['x+yes+', null],
    ['(?:long)+er', 'long'],
    ['(?:long)*er', null],
    ['(?i)failed', null],
    ['(?!nothing)some', 'some'],
    ['(?>atomic) x', 'atomic x'],
    ['foo\\bbar', 'foobar'],
    ['foo$bar', 'foo'],
    ['ab', null],
  ])('%j → %j', (pattern, text) => {
    expect(requiredText(parseRegex(pattern))).toBe(text)
  })
})

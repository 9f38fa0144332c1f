import { describe, expect, it } from 'vitest'
import { lookFor, neededTexts } from './needed.ts'
import { parseRegex } from './parse.ts'

describe('neededTexts', () => {
  it.each([
    ['^Failed password for \\S+ from', ['Failed password for ']],
    ['a(bcd)ef', ['abcdef']],
    ['abc|abd', ['abc', 'abd']],
    ['(?:abc|abd) from', [' from']],
    ['(?:closed|reset) by', ['reset', 'closed']],
    ['abc|\\d+', null],
    ['(?:abc|x) yes', [' yes']],
    ['(?:one|two)*', null],
    ['(?:first|other)+', ['first', 'other']],
    ['(?i)failed', null],
    ['(?=ahead)some', ['some']],
    ['(?!nothing)some', ['some']],
    ['one\\nlonger', ['longer']],
    ['foo\\bbar', ['foobar']],
    ['ab', null],
  ])('%j → %j', (pattern, texts) => {
    expect(neededTexts(parseRegex(pattern))?.toSorted() ?? null).toEqual(texts?.toSorted() ?? null)
  })
})

describe('lookFor', () => {
  it.each([
    [['a.b', 'c'], 'a.b', true],
    [['a.b', '(x)'], 'axb', false],
    [['[preauth]'], 'p', false],
    [['[preauth]', 'long [preauth]'], 'x [preauth]', true],
  ])('%j in %j: %s', (texts, text, isThere) => {
    expect(lookFor(texts).test(text)).toBe(isThere)
  })
})

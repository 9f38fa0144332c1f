import { describe, expect, it } from 'vitest'
import { joinNeedles, lookFor, needlesOf, neededTexts } from './needed.ts'
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
    ['one\\x00\\x00\\x00\\x00longer', ['longer']],
    ['\\x00\\x00\\x00', null],
    ['foo\\bbar', ['foobar']],
    ['ab', null],
  ])('%j → %j', (pattern, texts) => {
    expect(neededTexts(parseRegex(pattern))?.toSorted() ?? null).toEqual(texts?.toSorted() ?? null)
  })
})

describe('needles', () => {
  it.each([
    ['^Failed (?:password|none) for', [['Failed ', ['password', 'none']]]],
    ['^Received disconnect from .*\\[preauth\\]$', [['Received disconnect from ', ['[preauth]']]]],
    ['^(?:closed|reset) by user', [[' by user', ['closed', 'reset']]]],
    ['^Connection .* Connect', [['Connection ', [' Connect']]]],
    ['^Connection .*Connect', [['Connection ', null]]],
    ['^only this$', [['only this', null]]],
    ['(?:one|other)?', null],
  ])('%j → %j', (pattern, needles) => {
    const found = needlesOf(parseRegex(pattern))
    expect(found?.map(({ text, beside }) => [text, beside]).toSorted() ?? null).toEqual(
      needles?.toSorted() ?? null,
    )
  })

  it('are joined by their text: beside it stands what any of them has', () => {
    const needle = (text: string, ...beside: readonly string[]) => ({ text, beside })
    const joined = joinNeedles([
      ...[needle('abc', 'one'), needle('abc', 'two', 'one'), needle('def', 'one'), needle('ghi', 'x')],
      ...[{ text: 'def', beside: null }, needle('def', 'two')],
    ])
    expect(joined).toEqual([needle('abc', 'one', 'two'), { text: 'def', beside: null }, needle('ghi', 'x')])
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

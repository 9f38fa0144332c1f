import { describe, expect, it } from 'vitest'
import { Cursor } from './cursor.ts'
import { NO_FLAGS, withFlags } from './flags.ts'
import { canBeEmpty, childrenOf, mapChildren, someNode, type RegexNode } from './node.ts'
import { parseRegex } from './parse.ts'
import { readEscape } from './parse-escape.ts'
import { splitConditionals } from './variants.ts'

const literal = (text: string): RegexNode => ({ kind: 'literal', text })

describe('parseRegex', () => {
  it('leaves out groups that only group', () => {
    expect(parseRegex('(?:a)')).toEqual(literal('a'))
  })

  it('numbers groups as Python does', () => {
    const numbers: number[] = []
    someNode(parseRegex('(a(?P<x>b)(?:c))(d)'), (node) => {
      if (node.kind === 'group') numbers.push(node.number)
      return false
    })
    expect(numbers).toEqual([1, 2, 3])
  })

  it('reads a conditional with one branch', () => {
    expect(parseRegex('(a)?(?(1)b)')).toEqual({
      kind: 'sequence',
      items: [
        {
          kind: 'repeat',
          min: 0,
          max: 1,
          greed: 'greedy',
          body: { kind: 'group', number: 1, name: null, body: literal('a') },
        },
        { kind: 'conditional', number: 1, yes: literal('b'), no: { kind: 'sequence', items: [] } },
      ],
    })
  })

  it('lets flags hold to the end of their group', () => {
    const kinds = childrenOf(parseRegex('a(?i:b)c')).map((node) => node.kind)
    expect(kinds).toEqual(['literal', 'class', 'literal'])
  })
})

describe('escapes', () => {
  it.each<[string, 'outside' | 'class', unknown]>([
    ['n', 'outside', { kind: 'char', char: '\n' }],
    ['.', 'outside', { kind: 'char', char: '.' }],
    ['é', 'outside', { kind: 'char', char: 'é' }],
    ['x41', 'outside', { kind: 'char', char: 'A' }],
    ['0', 'outside', { kind: 'char', char: '\0' }],
    ['012', 'outside', { kind: 'char', char: '\n' }],
    ['101', 'outside', { kind: 'char', char: 'A' }],
    ['12', 'outside', { kind: 'reference', number: 12 }],
    ['12', 'class', { kind: 'char', char: '\n' }],
    ['W', 'class', { kind: 'category', category: 'w', negated: true }],
    ['b', 'outside', { kind: 'boundary' }],
    ['b', 'class', { kind: 'char', char: '\b' }],
    ['z', 'outside', { kind: 'very-end' }],
  ])('\\%s %s', (text, place, escape) => {
    expect(readEscape(new Cursor(text), place)).toEqual(escape)
  })
})

describe('flags', () => {
  it('are switched on and off', () => {
    expect(withFlags(withFlags(NO_FLAGS, 'isamu', ''), 'x', 'is')).toEqual({
      ignoreCase: false,
      dotAll: false,
      ascii: true,
      verbose: true,
    })
  })
})

describe('a cursor', () => {
  it('reads characters, texts and forms, and goes back', () => {
    const cursor = new Cursor('a\u{1f600}bc12')
    expect([cursor.next(), cursor.next()]).toEqual(['a', '\u{1f600}'])
    expect([cursor.take('x'), cursor.take('b'), cursor.at('c')]).toEqual([false, true, true])
    expect(cursor.takeForm(/c(\d)/y)?.[1]).toBe('1')
    cursor.back(2)
    expect(cursor.rest).toBe('c12')
    expect(cursor.take('c12')).toBe(true)
    expect([cursor.done, cursor.next()]).toEqual([true, ''])
  })
})

describe('trees', () => {
  it.each([
    ['a', false],
    ['a*', true],
    ['a+', false],
    ['(?:a|)', true],
    ['(?P<x>a?)b', false],
    ['(?>a?)', true],
    ['^', true],
    ['[ab]?', true],
    ['(?=a)', true],
  ])('%s can be empty: %s', (pattern, empty) => {
    expect(canBeEmpty(parseRegex(pattern))).toBe(empty)
  })

  it('are changed from outside in', () => {
    const upper = (node: RegexNode): RegexNode =>
      node.kind === 'literal' ? literal(node.text.toUpperCase()) : mapChildren(node, upper)
    expect(upper(parseRegex('a(?:b|(c))*(?=d)(?>e)'))).toEqual(parseRegex('A(?:B|(C))*(?=D)(?>E)'))
  })

  it('hold no conditionals any more when they are split', () => {
    const patterns = ['(a)?(?(1)b|c)', '(?:(a)|(b))(?(2)x|(?(1)y|z))', '(?(1)a|b)(c)', '(a)?((?(1)b|c)\\1)']
    for (const pattern of patterns) {
      expect(someNode(splitConditionals(parseRegex(pattern)), (node) => node.kind === 'conditional')).toBe(
        false,
      )
    }
  })
})

import { setFlagsFromString } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { replaceTags } from '../filter/tags.ts'
import { compileExpression } from './expression.ts'

// V8 compiles an expression with the flag `l` only when its linear engine can run it; the flag has to be let in.
setFlagsFromString('--enable-experimental-regexp-engine')

function isLinear(pattern: string): boolean {
  const compiled = compileExpression(replaceTags(pattern))
  if (!compiled.ok) throw new Error(compiled.problem)
  try {
    return new RegExp(compiled.expression.source, 'l').source !== ''
  } catch {
    return false
  }
}

describe('what V8 can run in linear time', () => {
  it.each([
    '<HOST>',
    '<ADDR>',
    '<SUBNET>',
    '<IP4>',
    '<IP6>',
    '<DNS>',
    '<F-ID/>',
    '<F-USER>.*</F-USER> from <HOST> port <F-PORT/>$',
    '(?i)bad <HOST>',
    '(?i:bad) \\w+ \\s \\S [^\\s;]* <HOST>$',
    'a{1,40}b{20}',
    '(?:[a-z]{1,4}:){1,7} <HOST>',
    "^(?P<q>')?user(?(q)'|) <HOST>$",
    '^.{0,100}x <HOST>',
  ])('%s', (pattern) => {
    expect(isLinear(pattern)).toBe(true)
  })

  it.each(['(?!x)<HOST>', '(a|b)\\1 <HOST>', '(?>a+) <HOST>'])('not %s', (pattern) => {
    expect(isLinear(pattern)).toBe(false)
  })
})

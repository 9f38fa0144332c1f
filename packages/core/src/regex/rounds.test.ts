import { describe, expect, it } from 'vitest'
import { compileExpression, isWide } from './expression.ts'

function capturesOf(source: string, line: string): Record<string, string> | null {
  const compiled = compileExpression(source)
  if (!compiled.ok) throw new Error(compiled.problem)
  const found = compiled.expression.find(`${line}\n`, isWide(line))
  return found === null ? null : Object.fromEntries(compiled.expression.captures(found))
}

describe('a group inside a repeat keeps what it captured last, as in Python', () => {
  it.each([
    [
      '^(?:ip=(?P<ip>\\S+) ?|user=(?P<u>\\S+) ?|\\w+=\\S* ?)+$',
      'ip=192.0.2.7 user=bob x=',
      { ip: '192.0.2.7', u: 'bob' },
    ],
    // the last one counts where there are several
    ['^(?:ip=(?P<ip>\\S+) ?|x ?)+$', 'ip=192.0.2.7 ip=192.0.2.8 x', { ip: '192.0.2.8' }],
    // and none where another branch took it first
    ['^(?:\\w+=\\S+ ?|ip=(?P<ip>\\S+) ?)+$', 'ip=192.0.2.7 a=b', {}],
    ['^(?:(?P<a>a)|b)*?c', 'abbc', { a: 'a' }],
    ['^(?>(?:(?P<a>a)|b)*)c', 'abbc', { a: 'a' }],
    ['^(?:(?P<a>a)?b){2,3}c', 'abbc', { a: 'a' }],
    ['^x(?:(?P<a>\\w)|-){3}', 'x1--', { a: '1' }],
    // repeats inside repeats
    ['^(?:(?:(?P<a>a)|(?P<b>b)|x)+,)+$', 'ax,bx,x,', { a: 'a', b: 'b' }],
    ['^(?:(?:(?P<a>\\d),?)+;(?P<b>b)?)+$', '1,2;b3,4;', { a: '4', b: 'b' }],
    // what is next to the repeat
    ['^(?P<p>p)?(?:(?P<a>a)|b)+(?P<z>z)', 'pabz', { p: 'p', a: 'a', z: 'z' }],
    ['(?:(?P<a>a)|b)+$', 'xxab', { a: 'a' }],
    // characters that are no ASCII
    ['^(?:u=(?P<u>\\w+) ?|\\w ?)+$', 'u=zoë é', { u: 'zoë' }],
  ])('%s in %j', (source, line, captures) => {
    expect(capturesOf(source, line)).toEqual(captures)
  })

  it('is given up over a line of very many rounds', () => {
    expect(capturesOf('^(?:(?P<a>a)|b)+$', `a${'b'.repeat(100)}`)).toEqual({ a: 'a' })
    expect(capturesOf('^(?:(?P<a>a)|b)+$', `a${'b'.repeat(1_000)}`)).toEqual({})
  })
})

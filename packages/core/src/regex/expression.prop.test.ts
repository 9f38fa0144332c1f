import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileExpression } from './expression.ts'

const char = fc.constantFrom('a', 'b', 'c', '-', '\\.', '\\d', '\\w', '\\W', '[ab]', '[^a]', '[a-c\\d]', '.')

const count = fc.constantFrom('', '', '*', '+', '?', '*?', '{2}', '{1,3}', '{2,}', '{1,20}')
/**
 * A count that does not multiply the ways to match: a loop around a loop can take for ever, here and in Python.
 * No `?`: where all of it may be nothing Python and V8 differ. */
const few = fc.constantFrom('', '', '{2}')
const counted = (body: fc.Arbitrary<string>, times: fc.Arbitrary<string>) =>
  fc.tuple(body, times).map((parts) => parts.join(''))
const inARow = (items: fc.Arbitrary<string>) =>
  fc.array(items, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''))
const either = (one: fc.Arbitrary<string>) => fc.tuple(one, one).map(([a, b]) => `(?:${a}|${b})`)

/** Expressions that mean the same in Python and in V8, for texts of ASCII without line feeds. */
const loop = counted(fc.oneof({ weight: 4, arbitrary: char }, either(inARow(char))), count)
const pattern = inARow(fc.oneof({ weight: 4, arbitrary: loop }, counted(either(inARow(loop)), few)))

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '-', '.', ' '), maxLength: 12 })

describe('an expression without anything of Python alone', () => {
  it('matches what V8 matches by itself', () => {
    fc.assert(
      fc.property(pattern, text, (source, line) => {
        const compiled = compileExpression(source)
        if (!compiled.ok) throw new Error(compiled.problem)
        const own = compiled.expression.find(line, false)
        const native = new RegExp(source).exec(line)
        expect([own?.index, own?.[0]]).toEqual([native?.index, native?.[0]])
        expect(compiled.expression.holds(line, false)).toBe(native !== null)
      }),
      { numRuns: 1_000 },
    )
  })

  it('matches in texts of ASCII the same in both readings', () => {
    fc.assert(
      fc.property(pattern, text, (source, line) => {
        const compiled = compileExpression(source)
        if (!compiled.ok) throw new Error(compiled.problem)
        expect(compiled.expression.find(line, true)?.[0]).toBe(compiled.expression.find(line, false)?.[0])
      }),
      { numRuns: 200 },
    )
  })
})

describe('any text at all', () => {
  it('is compiled or refused in words, never thrown at', () => {
    const unit = fc.constantFrom(..."ab01^$.*+?{},|()[]\\-<>:=!Pi#&'é\u{1f600}")
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 24 }), (source) => {
        const compiled = compileExpression(source)
        if (compiled.ok) compiled.expression.find('some text\n', false)
        else expect(compiled.problem).not.toBe('')
      }),
      { numRuns: 3_000 },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileExpression } from './expression.ts'

const char = fc.constantFrom('a', 'b', 'c', '-', '\\.', '\\d', '\\w', '\\W', '[ab]', '[^a]', '[a-c\\d]', '.')

/** Expressions that mean the same in Python and in V8, for texts of ASCII without line feeds. */
const pattern = fc.letrec<{ pattern: string; repeat: string; group: string }>((tie) => ({
  repeat: fc
    .tuple(
      fc.oneof({ weight: 4, arbitrary: char }, tie('group')),
      fc.constantFrom('', '', '*', '+', '?', '*?', '{2}', '{1,3}', '{2,}', '{1,20}'),
    )
    .map(([body, count]) => `${body}${count}`),
  group: fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(?:${one}|${other})`),
  pattern: fc.array(tie('repeat'), { minLength: 1, maxLength: 4 }).map((items) => items.join('')),
})).pattern

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

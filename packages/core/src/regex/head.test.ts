import { describe, expect, it } from 'vitest'
import { compileExpression } from './expression.ts'

function expressionOf(text: string) {
  const compiled = compileExpression(text)
  if (!compiled.ok) throw new Error(compiled.problem)
  return compiled.expression
}

describe('where the content begins that is all the rest of a line', () => {
  it.each<[string, string, number | null]>([
    ['^app: (?P<content>.+)$', 'app: x\n', 5],
    ['^app: (?P<content>.+)$', 'app: \n', null],
    ['^app: (?P<content>.+)$', 'other: x\n', null],
    ['^(?:\\S+ )?app(?:\\[\\d+\\])?: (?P<content>.+)$', 'host app[1]: x y\n', 13],
    ['^app: (?P<content>.+)', 'app: x\n', null],
    ['^app: (?P<content>.+?)$', 'app: x\n', null],
    ['^app: (?P<content>[^x]+)$', 'app: y\n', null],
    ['^(?P<mlfid>\\d+): (?P<content>.+)$', '1: x\n', null],
    ['app: (?P<content>.+)$', 'app: x\n', null],
    ['^app: (?P<content>.+) end$', 'app: x end\n', null],
  ])('%s in %j: %s', (expression, text, at) => {
    expect(expressionOf(expression).contentAt(text)).toBe(at)
  })

  it('is where the whole expression says, or else left to it', () => {
    const expression = expressionOf('^(?:\\S+ )?(?:a ?)*: ?(?P<content>.+)$')
    for (const text of ['a: x\n', 'a:  \n', ':\n', 'h a a :x\n', ': \n', 'b c : y\n', 'a:  x : y\n']) {
      const at = expression.contentAt(text)
      const found = expression.find(text, false)
      if (at === null) continue
      expect(found && expression.valueOf(found, 'content')).toBe(text.slice(at, -1))
    }
  })
})

import { describe, expect, it } from 'vitest'
import { compileFilter } from './compile.ts'
import type { FilterDefinition } from './definition.ts'
import { LineBuffer } from './line-buffer.ts'

/** What a filter finds in lines read one after the other: the lines that each hit took. */
function taken(lines: readonly string[], change: Partial<FilterDefinition>): (readonly string[] | null)[] {
  const compiled = compileFilter({
    name: 'app',
    failregex: ['^\\[(?P<id>\\d+)\\] fail$<SKIPLINES>^\\[(?P=id)\\] peer <HOST>$'],
    ignoreregex: [],
    maxlines: 3,
    journalmatch: [],
    ...change,
  })
  if (!compiled.ok) throw new Error(compiled.problems.join('\n'))
  const buffer = new LineBuffer()
  return lines.map(
    (line) => buffer.find(compiled.filter, `${line}\n`)?.lines.map((text) => text.trim()) ?? null,
  )
}

describe('lines read together', () => {
  it('match over the lines between, which stay', () => {
    const lines = ['[1] fail', '[2] fail', '[1] peer 192.0.2.1', '[2] peer 192.0.2.2']
    expect(taken(lines, {})).toEqual([
      null,
      null,
      ['[1] fail', '[1] peer 192.0.2.1'],
      ['[2] fail', '[2] peer 192.0.2.2'],
    ])
  })

  it('are forgotten beyond maxlines', () => {
    expect(taken(['[1] fail', 'a', 'b', '[1] peer 192.0.2.1'], {})).toEqual([null, null, null, null])
  })

  it('are used once', () => {
    const failregex = ['^fail$<SKIPLINES>^peer <HOST>$']
    expect(taken(['fail', 'peer 192.0.2.1', 'peer 192.0.2.1'], { failregex })[2]).toBe(null)
  })

  it('are ignored by the lines of the match alone', () => {
    const lines = ['trusted', '[1] fail', '[1] peer 192.0.2.1', '[2] fail', '[2] peer trusted 192.0.2.1']
    expect(taken(lines, { ignoreregex: ['trusted'] })[2]).toHaveLength(2)
  })

  it('have anchors at every line', () => {
    expect(taken(['x', 'bad 192.0.2.1', 'y'], { failregex: ['^bad <HOST>$'] })).toEqual([
      null,
      ['bad 192.0.2.1'],
      null,
    ])
  })

  it('that were skipped are told apart only where Python ends lines', () => {
    const lines = ['[1] fail', '[2] \x1c fail', '[1] peer 192.0.2.1', '[2] peer 192.0.2.2']
    expect(taken(lines, {})).toEqual([null, null, ['[1] fail', '[2] \x1c fail', '[1] peer 192.0.2.1'], null])
  })

  it('give way to the part that prefregex picked out until it matches', () => {
    const change = { prefregex: '^app: <F-CONTENT>.+</F-CONTENT>$', failregex: ['^bad <HOST>$'] }
    expect(taken(['app: fine', 'app: bad 192.0.2.1', 'app: bad 192.0.2.2'], change)).toEqual([
      null,
      null,
      null,
    ])
  })
})

import { readConfiguration } from '@warder/conf'
import {
  compileFilter,
  journalLine,
  makeHighlighter,
  makeMatcher,
  parseAddress,
  type CompiledFilter,
  type LogLine,
} from '@warder/core'
import { describe, expect, it } from 'vitest'
import { readSamples } from './corpus.ts'
import { shippedFiles, shippedNames } from './shipped.ts'

const NOW = Date.UTC(2026, 10, 20, 12)

const { jails } = readConfiguration([{ name: 'shipped', files: shippedFiles() }])

function filterOf(name: string): CompiledFilter {
  const jail = jails.find((one) => one.name === name)
  const compiled = jail === undefined ? null : compileFilter(jail.filter)
  if (!compiled?.ok) throw new Error(`${name} is broken`)
  return compiled.filter
}

/** Samples of all filters, as they are and with a name of another script in them. */
const LINES: readonly LogLine[] = shippedNames()
  .flatMap((name) => readSamples(name))
  .flatMap(({ from, text }): LogLine[] => {
    const line =
      from === 'journal' ? journalLine(JSON.parse(text), NOW) : { source: '/log', text, readAt: NOW }
    return line === null ? [] : [line, { ...line, text: line.text.replace(/root|admin|alice/, 'rööt日') }]
  })

describe.each(shippedNames())('what is shown of the filter %s', (name) => {
  it('is what it decides, on every sample of every filter', () => {
    const filter = filterOf(name)
    const match = makeMatcher(filter)
    const highlight = makeHighlighter(filter)
    const shown = { matched: 0, named: 0 }
    for (const line of LINES) {
      const decided = match(line, NOW)
      const { verdict, ip, at, pieces } = highlight(line, NOW)
      expect([verdict === 'matched', verdict === 'matched' ? ip : null]).toEqual([
        decided !== null,
        decided?.ip ?? null,
      ])
      if (decided !== null && at !== null) expect(at).toBe(decided.at)
      for (const { from, to } of pieces)
        expect([from >= 0, from < to, to <= line.text.length]).not.toContain(false)
      const address = pieces.find(({ kind }) => kind === 'address')
      if (decided === null) continue
      shown.matched++
      // An address may stand in an earlier line of the same connection.
      if (address === undefined) continue
      shown.named++
      const text = line.text.slice(address.from, address.to).replace(/^::f{4}:(?=\d+\.)/, '')
      expect(decided.ip.split('/')[0]).toBe(parseAddress(text))
    }
    expect(shown.matched).toBeGreaterThan(0)
    expect(shown.named / shown.matched).toBeGreaterThan(0.9)
  })
})

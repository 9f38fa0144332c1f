import { journalLine, LINE_LIMIT, type LogLine } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { parseSamples, readSamples, type Sample } from './corpus.ts'
import { shippedNames } from './shipped.ts'
import { tryFilter } from './try.ts'

const NOW = Date.UTC(2026, 10, 20, 12)

function lineOf({ from, text }: Sample): LogLine | null {
  if (from === 'journal') return journalLine(JSON.parse(text), NOW)
  return { source: '/var/log/sample.log', text, readAt: NOW }
}

describe.each(shippedNames())('the filter %s', (name) => {
  const samples = readSamples(name)

  it.each(samples)('samples.log:$number $options $reason', (sample) => {
    const line = lineOf(sample)
    const found = line === null ? null : tryFilter(name, sample.options)(line, NOW)
    expect(found?.ip ?? null).toBe(sample.expect?.ip ?? null)
    if (typeof sample.expect?.user === 'string') expect(found?.user).toBe(sample.expect.user)
  })

  it('is shown at least as many lines to leave alone as a third of all', () => {
    const harmless = samples.filter(({ expect: wanted }) => wanted === null)
    expect(harmless.length * 3).toBeGreaterThanOrEqual(samples.length)
  })

  it('makes nothing of the longest lines in bounded time', () => {
    const heads = ['', ...samples.filter(({ from }) => from === 'file').map(({ text }) => text.slice(0, 60))]
    const fill = (piece: string): string => piece.repeat(Math.ceil(LINE_LIMIT / piece.length))
    const pieces = ['1', ' ', ': ', ' from 1', ' msg=', 'rhost=1 ', '[1]: ', ' port 1', '"']
    const trial = tryFilter(name, name === 'sshd' ? 'mode=aggressive' : '')
    const started = performance.now()
    for (const head of new Set(heads)) {
      for (const piece of pieces)
        trial({ source: '/var/log/sample.log', text: head + fill(piece), readAt: NOW }, NOW)
    }
    expect((performance.now() - started) / (new Set(heads).size * pieces.length)).toBeLessThan(20)
  })
})

describe('parseSamples', () => {
  it.each([
    ['a line without expectation', 'x'],
    ['an expectation that says nothing', '# perhaps\nx'],
  ])('refuses %s', (_, text) => {
    expect(() => parseSamples(text)).toThrow(/line 1/)
  })
})

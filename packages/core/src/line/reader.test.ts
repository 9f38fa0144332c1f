import { describe, expect, it } from 'vitest'
import { UTC } from '../date/parse.ts'
import { readDatepattern, type DateForms } from '../date/pattern.ts'
import { JOURNAL, LINE_LIMIT, type LogLine } from './line.ts'
import { SourceReader } from './reader.ts'

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0)

function forms(datepattern?: string): DateForms {
  const read = readDatepattern(datepattern)
  if (!read.ok) throw new Error(read.problems.join('\n'))
  return read.forms
}

const DEFAULT = forms()

function readerAt(line: Partial<LogLine>): SourceReader {
  const reader = new SourceReader(UTC)
  reader.take({ source: '/f', text: 'Nov 20 11:59:30 node x', readAt: NOW, ...line })
  return reader
}

describe('what filters look at', () => {
  it.each<[string, Partial<LogLine>, string]>([
    ['a line of a file, without its date', {}, ' node x\n'],
    ['an entry of the journal, as it is', { source: JOURNAL }, 'Nov 20 11:59:30 node x\n'],
    ['a line whose time is known, as it is', { writtenAt: NOW }, 'Nov 20 11:59:30 node x\n'],
    ['the first physical line', { text: 'one\ntwo' }, 'one\n'],
    ['no more than the limit', { text: 'x'.repeat(LINE_LIMIT + 5) }, `${'x'.repeat(LINE_LIMIT)}\n`],
    ['an empty line', { text: '' }, '\n'],
  ])('%s', (_, line, text) => {
    expect(readerAt(line).text(DEFAULT)).toBe(text)
  })

  it('is told apart by the dates that filters look for', () => {
    const reader = readerAt({ text: 'at=11:59:30 2026-11-20 11:58:30 x' })
    const own = forms('at=%H:%M:%S')
    expect(reader.text(DEFAULT)).toBe('at=11:59:30  x\n')
    expect(reader.text(own)).toBe(' 2026-11-20 11:58:30 x\n')
    expect(reader.time(DEFAULT, NOW)).toBe(NOW - 90_000)
    expect(reader.time(own, NOW)).toBe(NOW - 30_000)
    expect(reader.visible).toBe('at=11:59:30 2026-11-20 11:58:30 x')
  })
})

describe('when a line was written', () => {
  it.each<[string, Partial<LogLine>, number, number]>([
    ['its date says', {}, NOW, NOW - 30_000],
    ['its source knows', { writtenAt: NOW - 5 }, NOW, NOW - 5],
    ['not after now', { writtenAt: NOW + 5 }, NOW, NOW],
    ['not after it was read', { text: '2026-11-20 12:00:05 x' }, NOW + 9_000, NOW],
    ['when it was read, without a date', { text: 'x', readAt: NOW - 7 }, NOW, NOW - 7],
    ['by a label that counts from 1970', { text: '@4000000000000001ffffffff x' }, NOW, 1_000],
    ['when it was read, for the journal', { source: JOURNAL, readAt: NOW - 7 }, NOW, NOW - 7],
    ['its date, a minute off', { live: true, text: '2026-11-20 11:59:00 x' }, NOW, NOW - 60_000],
    ['when it was read, further off and live', { live: true, text: '2026-11-20 11:58:59 x' }, NOW, NOW],
    ['when it was read, ahead and live', { live: true, text: '2026-11-20 13:00:00 x' }, NOW, NOW],
  ])('%s', (_, line, now, at) => {
    expect(readerAt(line).time(DEFAULT, now)).toBe(at)
  })

  it('is now when there is no line yet', () => {
    expect(new SourceReader(UTC).time(DEFAULT, NOW)).toBe(NOW)
  })
})

import type { FilterView } from '@warder/protocol/api'
import { describe, expect, it } from 'vitest'
import { chunksOf, shownText } from './chunks.ts'
import { definitionOf, EMPTY_FORM, expressionsOf, fileOf, formOf, type FilterForm } from './form.ts'
import { linesOf, MOST_LINES } from './lines.ts'
import { summaryOf } from './summary.ts'
import { tryLines, type Step } from './try.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const FILTER: FilterView = {
  name: 'door',
  jails: ['door'],
  prefregex: '^<F-CONTENT>.+</F-CONTENT>$',
  failregex: ['^a <HOST>$', '^b <HOST>$'],
  ignoreregex: ['test'],
  datepattern: '%Y',
  maxlines: 2,
}

describe('a form', () => {
  it('comes from a filter and leads back to it', () => {
    const { jails: _, name: __, ...options } = FILTER
    expect(definitionOf(formOf(FILTER))).toEqual({ ...options, name: 'tried', journalmatch: [] })
  })

  it.each<[string, Partial<FilterForm>, object]>([
    ['nothing', {}, { failregex: [], ignoreregex: [], maxlines: 1 }],
    ['blank lines', { failregex: '\n  a <HOST> \n\n' }, { failregex: ['a <HOST>'] }],
    ['no number', { maxlines: 'many' }, { maxlines: 1 }],
    ['zero', { maxlines: '0' }, { maxlines: 1 }],
  ])('with %s', (_, over, expected) =>
    expect(definitionOf({ ...EMPTY_FORM, ...over })).toMatchObject(expected),
  )

  it('counts the expressions that compile in the same order as they are shown', () => {
    expect(expressionsOf('a\n\n b\r\nc')).toEqual(['a', 'b', 'c'])
  })

  it.each<[string, Partial<FilterForm>, string]>([
    ['one expression', { failregex: '^a <HOST>$' }, '[Definition]\nfailregex = ^a <HOST>$\n'],
    [
      'all options, several expressions, and what the files would read otherwise',
      {
        prefregex: 'p',
        failregex: '^100% <HOST>\n#x <HOST>',
        ignoreregex: 'i',
        datepattern: '%Y',
        maxlines: '3',
      },
      '[Definition]\nprefregex = p\nfailregex = ^100%% <HOST>\n            \\#x <HOST>\nignoreregex = i\ndatepattern = %%Y\nmaxlines = 3\n',
    ],
  ])('as a file: %s', (_, over, text) => expect(fileOf({ ...EMPTY_FORM, ...over })).toBe(text))
})

describe('linesOf', () => {
  it('leaves out empty lines, and keeps the first thousand', () => {
    expect(linesOf('a\r\n\n b\n').lines.map(({ text }) => text)).toEqual(['a', ' b'])
    const many = linesOf('x\n'.repeat(MOST_LINES + 1))
    expect([many.lines.length, many.cut]).toEqual([MOST_LINES, true])
  })
})

describe('tryLines', () => {
  const steps = (form: Partial<FilterForm>, texts: readonly string[], zone: number | null = 0): Step[] => {
    let clock = 0
    const lines = texts.map((text) => ({ text, writtenAt: null }))
    const task = { definition: definitionOf({ ...EMPTY_FORM, ...form }), lines, zone, now: NOW }
    return [...tryLines(task, () => clock++)]
  }

  it('tells of each line in turn', () => {
    const told = steps({ failregex: 'from <HOST>$', ignoreregex: '^x' }, [
      'from 192.0.2.1',
      'x from 192.0.2.1',
      'y',
    ])
    expect(told.map(({ kind }) => kind)).toEqual(['ready', 'line', 'line', 'line', 'done'])
    const found = told.flatMap((step) => (step.kind === 'line' ? [step] : []))
    expect(found.map(({ highlight, ms }) => [highlight.verdict, ms])).toEqual([
      ['matched', 1],
      ['ignored', 1],
      ['missed', 1],
    ])
    expect(summaryOf(found)).toEqual({
      verdicts: { matched: 1, ignored: 1, nameless: 0, noted: 0, missed: 1 },
      rules: new Map([[0, 1]]),
      ignoring: new Map([[0, 1]]),
      addresses: [['192.0.2.1', 1]],
    })
  })

  it('tells what keeps the filter from running, and tries no line', () => {
    const [only, ...more] = steps({ failregex: '(<HOST>' }, ['x'])
    expect(only).toMatchObject({ kind: 'problems', problems: [{ option: 'failregex', index: 0 }] })
    expect(more).toEqual([])
  })

  it('reads dates without a zone in that of the node', () => {
    const [, line] = steps({ failregex: 'from <HOST>$' }, ['2026-11-20 12:00:00 from 192.0.2.1'], 60)
    expect(line?.kind === 'line' && line.highlight.at).toBe(NOW - 3_600_000)
  })
})

describe('chunksOf', () => {
  it.each([
    ['nothing', [], [['abcdef', []]]],
    [
      'pieces inside of a piece',
      [
        { kind: 'match', from: 1, to: 6 },
        { kind: 'user', from: 2, to: 4 },
      ],
      [
        ['a', []],
        ['b', ['match']],
        ['cd', ['match', 'user']],
        ['ef', ['match']],
      ],
    ],
    ['pieces that go too far', [{ kind: 'date', from: -1, to: 99 }], [['abcdef', ['date']]]],
  ] as const)('%s', (_, pieces, chunks) => {
    const cut = chunksOf('abcdef', pieces)
    expect(cut.map(({ text, kinds }) => [text, kinds])).toEqual(chunks)
    expect(cut.map(({ text }) => text).join('')).toBe('abcdef')
  })
})

describe('shownText', () => {
  it.each([
    ['<b>ünï</b>\t日', '<b>ünï</b>\t日'],
    ['a\u0007\u202eb\u001b[31m', 'a\\u0007\\u202eb\\u001b[31m'],
  ])('%j is shown as %j', (text, shown) => expect(shownText(text)).toBe(shown))
})

import { describe, expect, it } from 'vitest'
import type { LogLine } from '../line/line.ts'
import { compileFilter } from './compile.ts'
import type { FilterDefinition } from './definition.ts'
import { makeHighlighter, type Highlight } from './highlight.ts'

const NOW = Date.UTC(2026, 10, 20, 12)

const filterOf = (over: Partial<FilterDefinition>): FilterDefinition => ({
  name: 'tried',
  failregex: [],
  ignoreregex: [],
  maxlines: 1,
  journalmatch: [],
  ...over,
})

function highlights(
  over: Partial<FilterDefinition>,
  lines: readonly (string | Partial<LogLine>)[],
): Highlight[] {
  const compiled = compileFilter(filterOf(over))
  if (!compiled.ok) throw new Error(compiled.problems.join())
  const highlight = makeHighlighter(compiled.filter)
  return lines.map((line) => {
    const part = typeof line === 'string' ? { text: line } : line
    return highlight({ source: '/log', text: '', readAt: NOW, ...part }, NOW)
  })
}

/** Each piece as `kind=text`. */
const shown = (line: string, { pieces }: Highlight): readonly string[] =>
  pieces.map(({ kind, from, to }) => `${kind}=${line.slice(from, to)}`)

const DOOR = '^\\s*bad login of <F-USER>.*</F-USER> from <HOST>$'

describe('a highlight', () => {
  it.each([
    [
      'the date at the start, the match, user and address',
      DOOR,
      '2026-11-20 11:59:58 bad login of eve from 192.0.2.1',
      ['date=2026-11-20 11:59:58', 'match= bad login of eve from 192.0.2.1', 'user=eve', 'address=192.0.2.1'],
    ],
    [
      'the captured address, not the same text in the name that an attacker chose',
      DOOR,
      '2026-11-20 11:59:58 bad login of x from 192.0.2.9 from 192.0.2.9',
      [
        'date=2026-11-20 11:59:58',
        'match= bad login of x from 192.0.2.9 from 192.0.2.9',
        'user=x from 192.0.2.9',
        'address=192.0.2.9',
      ],
    ],
    [
      'a date inside of the match',
      '^shop \\[\\] denied <ADDR>',
      'shop [20/Nov/2026:11:00:00 +0000] denied 2001:db8::7 today',
      [
        'match=shop [20/Nov/2026:11:00:00 +0000] denied 2001:db8::7',
        'date=20/Nov/2026:11:00:00 +0000',
        'address=2001:db8::7',
      ],
    ],
    ['no date', 'from <HOST>', 'no from 192.0.2.1', ['match=from 192.0.2.1', 'address=192.0.2.1']],
    [
      'no line feed that ends the text, which is not in the line',
      '^from <HOST> as <F-USER>[^=]*</F-USER>$',
      'from 192.0.2.1 as eve',
      ['match=from 192.0.2.1 as eve', 'address=192.0.2.1', 'user=eve'],
    ],
    [
      'text of other scripts',
      DOOR,
      'bad login of ünï日本 from 192.0.2.1',
      ['match=bad login of ünï日本 from 192.0.2.1', 'user=ünï日本', 'address=192.0.2.1'],
    ],
    [
      'only the date where nothing matches',
      DOOR,
      '2026-11-20 11:59:58 welcome',
      ['date=2026-11-20 11:59:58'],
    ],
  ])('shows %s', (_, failregex, line, pieces) => {
    const [highlight] = highlights({ failregex: [failregex] }, [line])
    expect(highlight && shown(line, highlight)).toEqual(pieces)
  })

  it('shows what prefregex and a failregex inside of its content captured', () => {
    const line = 'Nov 20 11:00:00 pve1 shop[7]: denied eve from 192.0.2.1 port 5'
    const [highlight] = highlights(
      {
        prefregex: '^\\s*\\S+ shop\\[\\d+\\]: <F-CONTENT>.+</F-CONTENT> from <HOST> port \\d+$',
        failregex: ['^refused', '^denied <F-USER>\\S+</F-USER>$'],
      },
      [line],
    )
    expect(highlight).toMatchObject({ verdict: 'matched', rule: 1, ip: '192.0.2.1', user: 'eve' })
    expect(highlight && shown(line, highlight)).toEqual([
      'date=Nov 20 11:00:00',
      'match=denied eve',
      'user=eve',
      'address=192.0.2.1',
    ])
  })

  it.each([
    [
      'matched',
      { failregex: ['nothing of <HOST>', 'from <HOST>'] },
      'from 192.0.2.1',
      { rule: 1, ip: '192.0.2.1' },
    ],
    ['missed', { failregex: ['from <HOST>$'] }, 'from 192.0.2.1 on', { rule: null, ip: null }],
    [
      'ignored',
      { failregex: ['from <HOST>'], ignoreregex: ['never', 'by test'] },
      'from 192.0.2.1 by test',
      { rule: 0, ignoredBy: 1, ip: '192.0.2.1' },
    ],
    ['nameless', { failregex: ['from <HOST>$'] }, 'from nobody.example', { rule: 0, ip: null }],
    ['nameless', { failregex: ['bad(?: from <HOST>)?$'] }, 'bad', { rule: 0, ip: null }],
    [
      'nameless',
      { failregex: ['<F-MLFID>\\d+</F-MLFID> <HOST>', 'bad(?: <HOST>)?$'] },
      'bad',
      { rule: 1, ip: null },
    ],
  ] as const)('says that a line is %s', (verdict, filter, line, rest) => {
    expect(highlights(filter, [line])[0]).toMatchObject({ verdict, ...rest })
  })

  it('tells lines of a connection that only others give a meaning', () => {
    const story = {
      failregex: [
        '^<F-MLFID>\\d+</F-MLFID> <F-NOFAIL>connect</F-NOFAIL> from <HOST>$',
        '^<F-MLFID>\\d+</F-MLFID> wrong password$',
      ],
    }
    const [first, second] = highlights(story, ['7 connect from 192.0.2.1', '7 wrong password'])
    expect(first).toMatchObject({ verdict: 'noted', rule: 0 })
    expect(second).toMatchObject({ verdict: 'matched', rule: 1, ip: '192.0.2.1' })
  })

  it('decides on lines that are read together, without pieces but the date', () => {
    const filter = { failregex: ['^\\s*connect from <HOST><SKIPLINES>\\s*failed$'], maxlines: 3 }
    const [first, , last] = highlights(filter, ['connect from 192.0.2.1', 'chatter', 'failed'])
    expect(first).toMatchObject({ verdict: 'missed' })
    expect(last).toMatchObject({ verdict: 'matched', ip: '192.0.2.1', rule: 0, pieces: [] })
  })

  it('knows when a line was written: by its source, by its date, or not at all', () => {
    const times = highlights({ failregex: ['from <HOST>'] }, [
      { source: 'journal', text: 'x', writtenAt: NOW - 5_000 },
      '2026-11-20T11:00:00Z x',
      'x',
    ]).map(({ at }) => at)
    expect(times).toEqual([NOW - 5_000, NOW - 3_600_000, null])
  })
})

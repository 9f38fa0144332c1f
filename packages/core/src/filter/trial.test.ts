import { describe, expect, it } from 'vitest'
import { compileFilter } from './compile.ts'
import type { FilterDefinition } from './definition.ts'
import { FilterTrial, type TrialVerdict } from './trial.ts'

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0)

/** `0 192.0.2.1`: which expression found whom; `noted 0`, `ignored 0 by 1`, `missed`. */
function words(verdict: TrialVerdict): string {
  if (verdict.kind === 'missed') return 'missed'
  if (verdict.kind === 'noted') return `noted ${verdict.rule}`
  if (verdict.kind === 'ignored') return `ignored ${verdict.rule} by ${verdict.ignoreregex}`
  const { id, host, user } = verdict.failure
  return [verdict.rule, host, ...(id === host ? [] : [`as ${id}`]), ...(user === null ? [] : [user])].join(
    ' ',
  )
}

function verdictsOn(change: Partial<FilterDefinition>, lines: readonly string[]): readonly string[] {
  const definition = { name: 'app', failregex: [], ignoreregex: [], maxlines: 1, journalmatch: [], ...change }
  const compiled = compileFilter(definition)
  if (!compiled.ok) throw new Error(compiled.problems.join('\n'))
  const trial = new FilterTrial(compiled.filter)
  return lines.map((text) => words(trial.take({ source: '/f', text, readAt: NOW }, NOW)))
}

const STORY = [
  '^ <F-MLFID>\\d+</F-MLFID>: <F-NOFAIL>from</F-NOFAIL> <HOST>$',
  '^ <F-MLFID>\\d+</F-MLFID>: bad <F-USER>\\w+</F-USER>$',
]
const at = '2026-11-20 10:00:00'

describe('a trial tells what a filter makes of a line', () => {
  it.each<[string, Partial<FilterDefinition>, [line: string, verdict: string][]]>([
    [
      'and which expression it was: the first that matches',
      { failregex: ['^ bad <HOST>$', '^ (?:bad|worse) <HOST>$'] },
      [
        [`${at} bad 192.0.2.1`, '0 192.0.2.1'],
        [`${at} worse 192.0.2.1`, '1 192.0.2.1'],
        [`${at} good 192.0.2.1`, 'missed'],
      ],
    ],
    [
      'whoever it names',
      { failregex: ['^ bad <HOST>$', '^ worse <F-ID>\\S+</F-ID> at <ADDR>$'] },
      [
        [`${at} bad host.example`, '0 host.example'],
        [`${at} bad 999.1.1.1`, '0 999.1.1.1'],
        [`${at} worse session-7 at 192.0.2.1`, '1 192.0.2.1 as session-7'],
      ],
    ],
    [
      'where it names somebody, and no line else: as in fail2ban a match without a host is none',
      {
        failregex: [
          '^ bad(?: from <HOST>)?',
          '^ bad thing of <HOST>$',
          '^ <F-MLFID>\\d+</F-MLFID>: x <HOST>$',
        ],
      },
      [
        [`${at} bad from 192.0.2.1`, '0 192.0.2.1'],
        [`${at} bad thing of 192.0.2.1`, 'missed'],
        [`${at} bad`, 'missed'],
      ],
    ],
    [
      'and what an ignoreregex took away',
      { failregex: ['^ bad <HOST>$'], ignoreregex: ['never', ' 192\\.0\\.2\\.9$'] },
      [
        [`${at} bad 192.0.2.9`, 'ignored 0 by 1'],
        [`${at} good 192.0.2.9`, 'missed'],
      ],
    ],
    [
      'also where those are looked at first',
      { failregex: ['^ a <HOST>$', '^ b <HOST>$', '^ c <HOST>$', '^ d <HOST>$'], ignoreregex: ['\\.9$'] },
      [
        [`${at} good 192.0.2.9`, 'ignored null by 0'],
        [`${at} d 192.0.2.1`, '3 192.0.2.1'],
      ],
    ],
    [
      'with a line that only tells a part of a story',
      { failregex: STORY },
      [
        [`${at} 7: from 192.0.2.1`, 'noted 0'],
        [`${at} 7: hello`, 'missed'],
        [`${at} 7: bad root`, '1 192.0.2.1 root'],
      ],
    ],
    [
      'with a failure that waits for somebody to be named',
      { failregex: STORY },
      [
        [`${at} 8: bad root`, 'noted 1'],
        [`${at} 8: from 192.0.2.1`, '0 192.0.2.1 root'],
      ],
    ],
    [
      'with lines that are read together, at the last of them',
      { failregex: ['^ begin <HOST>$<SKIPLINES>^ end$'], maxlines: 3, ignoreregex: ['\\.9'] },
      [
        [`${at} begin 192.0.2.1`, 'missed'],
        [`${at} end`, '0 192.0.2.1'],
        [`${at} begin 192.0.2.9`, 'missed'],
        [`${at} end`, 'ignored 0 by 0'],
        [`${at} end`, 'missed'],
      ],
    ],
  ])('%s', (_, filter, told) => {
    expect(
      verdictsOn(
        filter,
        told.map(([line]) => line),
      ),
    ).toEqual(told.map(([, verdict]) => verdict))
  })
})

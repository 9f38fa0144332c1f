import { describe, expect, it } from 'vitest'
import { JOURNAL, type LogLine } from '../line/line.ts'
import { compileFilter } from './compile.ts'
import type { FilterDefinition } from './definition.ts'
import { makeMatcher, type Match, type Matcher } from './match.ts'

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0)

function matcherOf(change: Partial<FilterDefinition>): Matcher {
  const definition = { name: 'app', failregex: [], ignoreregex: [], maxlines: 1, journalmatch: [], ...change }
  const compiled = compileFilter(definition)
  if (!compiled.ok) throw new Error(compiled.problems.join('\n'))
  return makeMatcher(compiled.filter)
}

const fileLine = (text: string, more: Partial<LogLine> = {}): LogLine => ({
  source: '/f',
  text,
  readAt: NOW,
  ...more,
})

/** Who is found in each of the lines, read one after the other. */
function foundIn(change: Partial<FilterDefinition>, lines: readonly string[]): readonly (string | null)[] {
  const match = matcherOf(change)
  return lines.map((text) => {
    const found = match(fileLine(text), NOW)
    return found === null ? null : [found.ip, ...(found.user === undefined ? [] : [found.user])].join(' ')
  })
}

describe('a matcher finds addresses', () => {
  it.each<[string, Partial<FilterDefinition>, string, string | null]>([
    ['plain', { failregex: ['from <HOST>$'] }, 'bad from 192.0.2.1', '192.0.2.1'],
    ['in its one spelling', { failregex: ['from <HOST>$'] }, 'bad from 2001:DB8:0::1', '2001:db8::1'],
    ['mapped', { failregex: ['from <HOST>$'] }, 'bad from ::ffff:192.0.2.1', '192.0.2.1'],
    ['not where there is none', { failregex: ['from <HOST>$'] }, 'bad from 999.1.1.1', null],
    ['not in a name', { failregex: ['from <HOST>$'] }, 'bad from host.example', null],
    ['as an identifier', { failregex: ['from <F-ID/>$'] }, 'bad from 192.0.2.1', '192.0.2.1'],
    [
      'beside an identifier',
      { failregex: ['user <F-ID/> from <HOST>$'] },
      'user bob from 192.0.2.1',
      '192.0.2.1',
    ],
    [
      'as an identifier in brackets',
      { failregex: ['from <F-ID/>$'] },
      'bad from [2001:db8::1]',
      '2001:db8::1',
    ],
    ['as a network', { failregex: ['from <F-ID/>$'] }, 'bad from 192.0.2.77/24', '192.0.2.0/24'],
    [
      'as a network that is too long',
      { failregex: ['from <F-ID/>$'] },
      'bad from 192.0.2.77/33',
      '192.0.2.77',
    ],
    ['not as a network of nothing', { failregex: ['from <F-ID/>$'] }, 'bad from bob/33', null],
    [
      'in the place of a name, beside an identifier',
      { failregex: ['user <F-ID/> from <DNS>$'] },
      'user bob from 192.0.2.1',
      '192.0.2.1',
    ],
    ['with a subnet', { failregex: ['from <SUBNET>$'] }, 'bad from 192.0.2.77/24', '192.0.2.0/24'],
    [
      'with a subnet that is too long',
      { failregex: ['from <SUBNET>$'] },
      'bad from 192.0.2.77/33',
      '192.0.2.77',
    ],
    [
      'with a user',
      { failregex: ['<F-USER>\\w+</F-USER> from <HOST>'] },
      'bob from 192.0.2.1',
      '192.0.2.1 bob',
    ],
    [
      'with another user',
      { failregex: ['(?:<F-USER>a</F-USER>|<F-ALT_USER>\\w+</F-ALT_USER>) from <HOST>'] },
      'eve from 192.0.2.1',
      '192.0.2.1 eve',
    ],
    [
      'behind the name that was made up',
      { failregex: ['user .* from <HOST>$'] },
      'user x from 203.0.113.9 from 192.0.2.1',
      '192.0.2.1',
    ],
    ['after the date', { failregex: ['^ bad <HOST>$'] }, 'Nov 20 11:00:00 bad 192.0.2.1', '192.0.2.1'],
    ['not right after the date', { failregex: ['^bad <HOST>$'] }, 'Nov 20 11:00:00 bad 192.0.2.1', null],
    [
      'around the date',
      { failregex: ['^bad  from <HOST>$'] },
      'bad 2026-11-20 11:00:00 from 192.0.2.1',
      '192.0.2.1',
    ],
  ])('%s', (_, change, line, expected) => {
    expect(foundIn(change, [line])).toEqual([expected])
  })

  it.each<[string, Partial<FilterDefinition>, Record<string, string | null>]>([
    [
      'the first expression that matches decides',
      { failregex: ['^a (?P<user>x) <HOST>', '^a (?P<user>\\w) <HOST>'] },
      { 'a x 192.0.2.1': '192.0.2.1 x', 'a y 192.0.2.1': '192.0.2.1 y' },
    ],
    [
      'ignoreregex takes a match back',
      { failregex: ['from <HOST>'], ignoreregex: ['trusted'] },
      { 'bad from 192.0.2.1': '192.0.2.1', 'trusted from 192.0.2.1': null },
    ],
    [
      'values of prefregex are defaults',
      {
        prefregex: '^app <F-USER>\\w*</F-USER>: <F-CONTENT>.+</F-CONTENT>$',
        failregex: ['^bad (?:<F-USER>\\w+</F-USER> )?<HOST>$'],
      },
      {
        'app bob: bad 192.0.2.1': '192.0.2.1 bob',
        'app bob: bad eve 192.0.2.1': '192.0.2.1 eve',
        'other bob: bad 192.0.2.1': null,
      },
    ],
    [
      'prefregex without content leaves the line as it is',
      { prefregex: '^app from <HOST>: ', failregex: ['bad', 'no'] },
      { 'app from 192.0.2.1: bad': '192.0.2.1', 'app from 192.0.2.1: fine': null },
    ],
    [
      'ignoreregex looks at the content, not at the line',
      {
        prefregex: '^(?:good|bad): <F-CONTENT>.+</F-CONTENT>$',
        failregex: ['^x <HOST>'],
        ignoreregex: ['good'],
      },
      { 'good: x 192.0.2.1': '192.0.2.1', 'bad: x 192.0.2.1 good': null },
    ],
    [
      'with three more failregex it looks at the line',
      {
        prefregex: '^(?:good|bad): <F-CONTENT>.+</F-CONTENT>$',
        failregex: ['^x <HOST>', '^y <HOST>', '^z <HOST>', '^v <HOST>'],
        ignoreregex: ['good'],
      },
      { 'good: x 192.0.2.1': null, 'bad: x 192.0.2.1': '192.0.2.1' },
    ],
    [
      'letters and digits of all scripts count',
      { failregex: ['^\\w+ \\d+ <HOST>$'] },
      { 'Jürgen 42 192.0.2.1': '192.0.2.1', 'боб ٤٢ 192.0.2.1': '192.0.2.1', '- 42 192.0.2.1': null },
    ],
  ])('%s', (_, change, lines) => {
    expect(foundIn(change, Object.keys(lines))).toEqual(Object.values(lines))
  })
})

describe('a matcher follows stories', () => {
  const STORY: Partial<FilterDefinition> = {
    prefregex: '^<F-MLFID>\\[\\d+\\]</F-MLFID> <F-CONTENT>.+</F-CONTENT>$',
    failregex: [
      '^fail(?: for <F-USER>\\w+</F-USER>)?$',
      '^<F-NOFAIL>connect</F-NOFAIL> <HOST>$',
      '^<F-NOFAIL><F-MLFFORGET>bye</F-MLFFORGET></F-NOFAIL>(?: <HOST>)?$',
      '^<F-MLFFORGET><F-MLFGAINED>ok</F-MLFGAINED></F-MLFFORGET> for <F-USER>\\w+</F-USER> <HOST>$',
      '^bad <HOST> as <F-USER>\\w+</F-USER>$',
    ],
  }

  it.each<[string, Record<string, string | null>]>([
    [
      'who connects is known when the login fails',
      { '[1] connect 192.0.2.1': null, '[1] fail for bob': '192.0.2.1 bob', '[1] fail': '192.0.2.1 bob' },
    ],
    [
      'a failure waits for its address',
      { '[2] fail for eve': null, '[2] connect 192.0.2.2': '192.0.2.2 eve', '[2] bye': null },
    ],
    ['a story ends', { '[3] connect 192.0.2.3': null, '[3] bye': null, '[3] fail': null }],
    ['what is gained takes the failure back', { '[4] fail for x': null, '[4] ok for x 192.0.2.4': null }],
    [
      'a second user is a failure, even when access is gained',
      {
        '[5] bad 192.0.2.5 as a': '192.0.2.5 a',
        '[5] bad 192.0.2.5 as b': '192.0.2.5 b',
        '[5] ok for b 192.0.2.5': '192.0.2.5 b',
      },
    ],
    ['the end may bring the address', { '[6] fail': null, '[6] bye 192.0.2.6': '192.0.2.6' }],
    ['an end alone is nothing', { '[7] bye 192.0.2.7': null }],
    ['stories are apart', { '[8] connect 192.0.2.8': null, '[9] fail': null }],
  ])('%s', (_, lines) => {
    expect(foundIn(STORY, Object.keys(lines))).toEqual(Object.values(lines))
  })

  it('gives up a story after five minutes', () => {
    const match = matcherOf(STORY)
    match(fileLine('[1] connect 192.0.2.1'), NOW)
    const late = NOW + 300_001
    expect(match(fileLine('[1] fail', { readAt: late }), late)).toBeNull()
  })

  it('gives up the oldest of more than a hundred stories', () => {
    const match = matcherOf(STORY)
    for (let id = 0; id <= 100; id++) match(fileLine(`[${id}] connect 192.0.2.1`), NOW)
    expect(match(fileLine('[0] fail'), NOW)).toBeNull()
    expect(match(fileLine('[100] fail'), NOW)?.ip).toBe('192.0.2.1')
  })
})

describe('a match', () => {
  const BAD = { failregex: ['bad (?:<F-USER>\\S+</F-USER> )?from <HOST>'] }

  it.each<[string, LogLine, number]>([
    ['the date of its line', fileLine('Nov 20 11:00:00 bad from 192.0.2.1'), NOW - 3_600_000],
    ['now, without a date', fileLine('bad from 192.0.2.1', { readAt: NOW - 5 }), NOW - 5],
    ['now, when its date is ahead', fileLine('2026-11-20T13:00:00Z bad from 192.0.2.1'), NOW],
    [
      'the time that its source knows',
      fileLine('Nov 20 11:00:00 bad from 192.0.2.1', { writtenAt: NOW - 7 }),
      NOW - 7,
    ],
    ['no later time than now', fileLine('bad from 192.0.2.1', { writtenAt: NOW + 7 }), NOW],
    [
      'the reading time for the journal',
      { source: JOURNAL, text: 'Nov 20 11:00:00 bad from 192.0.2.1', readAt: NOW },
      NOW,
    ],
    [
      'its own date when that is near',
      fileLine('Nov 20 11:59:10 bad from 192.0.2.1', { live: true }),
      NOW - 50_000,
    ],
    [
      'the reading time when it was written now by a wrong clock',
      fileLine('Nov 20 11:00:00 bad from 192.0.2.1', { live: true }),
      NOW,
    ],
    [
      'its own date when the source may be late',
      fileLine('Nov 20 11:00:00 bad from 192.0.2.1', { live: false }),
      NOW - 3_600_000,
    ],
  ])('has %s', (_, line, at) => {
    expect(matcherOf(BAD)(line, NOW)?.at).toBe(at)
  })

  it('carries the line as it was written', () => {
    const found = matcherOf(BAD)(fileLine('Nov 20 11:00:00 bad bob from 192.0.2.1'), NOW)
    expect(found).toMatchObject<Match>({
      ip: '192.0.2.1',
      at: NOW - 3_600_000,
      user: 'bob',
      line: 'Nov 20 11:00:00 bad bob from 192.0.2.1',
    })
  })

  it('is bounded, whatever the attacker wrote', () => {
    const found = matcherOf(BAD)(fileLine(`bad ${'\ud83d\ude00'.repeat(5_000)} from 192.0.2.1`), NOW)
    expect(found?.line.length).toBe(1_000)
    expect(found?.user?.length).toBe(128)
    expect(found?.line.isWellFormed() && found.user?.isWellFormed()).toBe(true)
  })

  it('comes from the first physical line, up to its limit', () => {
    expect(matcherOf(BAD)(fileLine('fine\nbad from 192.0.2.1'), NOW)).toBeNull()
    expect(matcherOf(BAD)(fileLine(`${'x'.repeat(20_000)} bad from 192.0.2.1`), NOW)).toBeNull()
  })

  it('is dated per source', () => {
    const match = matcherOf(BAD)
    match(fileLine('2026-11-20T11:59:30Z fine'), NOW)
    expect(match(fileLine('bad from 192.0.2.1'), NOW)?.at).toBe(NOW - 30_000)
    expect(match(fileLine('bad from 192.0.2.1', { source: '/g' }), NOW)?.at).toBe(NOW)
  })
})

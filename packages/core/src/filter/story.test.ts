import { describe, expect, it } from 'vitest'
import { addressOf, userOf } from './finding.ts'
import { Stories } from './story.ts'

/** `ip=192.0.2.1 nofail` → captures; a word without a value says yes. */
const capturesOf = (words: string): ReadonlyMap<string, string> =>
  new Map(
    words.split(' ').map((word): [string, string] => {
      const [name = '', value = 'yes'] = word.split('=')
      return [name === 'ip' ? 'ip4' : name, value]
    }),
  )

/** What the next line of the story adds up to: its address and user. */
function tell(stories: Stories, words: string, at = 0): readonly [string | null, string | null] | null {
  const captures = capturesOf(words)
  const found = stories.tell('id', { index: 0, captures, lines: [`${words}\n`] }, at)
  return found === null ? null : [addressOf(found.captures), userOf(found.captures)]
}

describe('a story', () => {
  it.each<[string, [words: string, found: string | null][]]>([
    [
      'a failure with its address',
      [
        ['ip=192.0.2.1', '192.0.2.1'],
        ['ip=192.0.2.1', '192.0.2.1'],
      ],
    ],
    [
      'the address first',
      [
        ['ip=192.0.2.1 nofail', null],
        ['user=a', '192.0.2.1'],
      ],
    ],
    [
      'the failure first',
      [
        ['user=a', null],
        ['ip=192.0.2.1 nofail', '192.0.2.1'],
        ['nofail', null],
      ],
    ],
    [
      'several failures before the address make one',
      [
        ['user=a', null],
        ['user=a', null],
        ['ip=192.0.2.1 nofail', '192.0.2.1'],
        ['nofail', null],
      ],
    ],
    [
      'no address at all',
      [
        ['user=a', null],
        ['nofail', null],
      ],
    ],
    [
      'an address that is none',
      [
        ['ip=999.1.1.1', null],
        ['ip=192.0.2.1', '192.0.2.1'],
      ],
    ],
    [
      'access gained',
      [
        ['user=a', null],
        ['ip=192.0.2.1 mlfgained', null],
        ['nofail', null],
      ],
    ],
    [
      'access gained by a second user',
      [
        ['user=a ip=192.0.2.1', '192.0.2.1'],
        ['user=b mlfgained', '192.0.2.1'],
      ],
    ],
    [
      'forgotten',
      [
        ['ip=192.0.2.1 mlfforget nofail', null],
        ['user=a', null],
      ],
    ],
    [
      'reported when it is forgotten',
      [
        ['user=a', null],
        ['ip=192.0.2.1 mlfforget nofail', '192.0.2.1'],
      ],
    ],
    [
      'words that are empty say nothing',
      [
        ['ip=192.0.2.1 nofail= mlfforget=', '192.0.2.1'],
        ['user=a', '192.0.2.1'],
      ],
    ],
  ])('%s', (_, lines) => {
    const stories = new Stories()
    const found = lines.map(([words]) => tell(stories, words)?.[0] ?? null)
    expect(found).toEqual(lines.map(([, ip]) => ip))
  })

  it('tells the last user', () => {
    const stories = new Stories()
    tell(stories, 'user=a')
    tell(stories, 'user=b')
    expect(tell(stories, 'ip=192.0.2.1 nofail')).toEqual(['192.0.2.1', 'b'])
  })

  it('delivers the lines that were not reported yet', () => {
    const stories = new Stories()
    const told = ['user=a', 'user=b', 'ip=192.0.2.1 nofail', 'nofail'].map((words) =>
      stories.tell('id', { index: 0, captures: capturesOf(words), lines: [words] }, 0),
    )
    expect(told.map((found) => found?.lines ?? null)).toEqual([
      null,
      null,
      ['user=a', 'user=b', 'ip=192.0.2.1 nofail'],
      ['nofail'],
    ])
    expect([...(told[3]?.users ?? [])]).toEqual(['a', 'b'])
  })

  it.each([
    [299_999, '192.0.2.1'],
    [300_000, null],
  ])('lasts five minutes from its first line: %d ms', (at, ip) => {
    const stories = new Stories()
    tell(stories, 'ip=192.0.2.1 nofail')
    tell(stories, 'nofail', 200_000)
    expect(tell(stories, 'user=a', at)?.[0] ?? null).toBe(ip)
  })

  it('is given up for the hundredth one after it, however lively it is', () => {
    const stories = new Stories()
    const connect = { index: 0, captures: capturesOf('ip=192.0.2.1 nofail'), lines: [] }
    const fail = { index: 0, captures: capturesOf('user=a'), lines: [] }
    for (let id = 0; id < 100; id++) stories.tell(`${id}`, connect, 0)
    stories.tell('0', connect, 0)
    stories.tell('100', connect, 0)
    expect(stories.tell('0', fail, 0)).toBeNull()
    expect(stories.tell('2', fail, 0)).not.toBeNull()
  })

  it('repeats the lines of a failure that a quiet line stands behind', () => {
    const stories = new Stories()
    const told = ['ip=192.0.2.1', 'nofail', 'user=a', 'user=a'].map((words) =>
      stories.tell('id', { index: 0, captures: capturesOf(words), lines: [words] }, 0),
    )
    expect(told.map((found) => found?.lines ?? null)).toEqual([
      ['ip=192.0.2.1'],
      null,
      ['nofail', 'user=a'],
      ['user=a'],
    ])
  })
})

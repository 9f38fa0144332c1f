import { describe, expect, it } from 'vitest'
import { Stories } from './story.ts'

/** `ip=192.0.2.1 nofail` → captures; a word without a value says yes. */
const capturesOf = (words: string): ReadonlyMap<string, string> =>
  new Map(
    words.split(' ').map((word): [string, string] => {
      const [name = '', value = 'yes'] = word.split('=')
      return [name === 'ip' ? 'ip4' : name, value]
    }),
  )

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
    const found = lines.map(([words]) => stories.tell('id', capturesOf(words), 0)?.ip ?? null)
    expect(found).toEqual(lines.map(([, ip]) => ip))
  })

  it('tells the last user', () => {
    const stories = new Stories()
    stories.tell('id', capturesOf('user=a'), 0)
    stories.tell('id', capturesOf('user=b'), 0)
    expect(stories.tell('id', capturesOf('ip=192.0.2.1 nofail'), 0)).toEqual({ ip: '192.0.2.1', user: 'b' })
  })

  it.each([
    [300_000, '192.0.2.1'],
    [300_001, null],
  ])('lasts %d ms after its last line', (at, ip) => {
    const stories = new Stories()
    stories.tell('id', capturesOf('ip=192.0.2.1 nofail'), 0)
    expect(stories.tell('id', capturesOf('user=a'), at)?.ip ?? null).toBe(ip)
  })
})

import { describe, expect, it } from 'vitest'
import { setKey } from './set-key.ts'

describe('setting a key of a TOML file', () => {
  it.each([
    ['in an empty file', '', 'wss://a', 'server = "wss://a"\n'],
    [
      'in place of the old one',
      '# mine\nserver = "wss://old"\nname = "x"\n',
      'wss://a',
      '# mine\nserver = "wss://a"\nname = "x"\n',
    ],
    [
      'before the tables',
      'name = "x"\n[log]\nserver = "no"\n',
      'wss://a',
      'server = "wss://a"\nname = "x"\n[log]\nserver = "no"\n',
    ],
    [
      'leaving comments alone',
      '#server = "wss://old"\n',
      'wss://a',
      'server = "wss://a"\n#server = "wss://old"\n',
    ],
    ['quoting', '', 'a"b\\', 'server = "a\\"b\\\\"\n'],
    ['taking it out', 'server = "x"\nname = "y"\n', null, 'name = "y"\n'],
    ['leaving nothing', 'server = "x"\n', null, ''],
  ])('%s', (_, before, value, after) => {
    expect(setKey(before, 'server', value)).toBe(after)
  })

  it('takes out what is not there', () => {
    expect(setKey('name = "y"\n', 'server', null)).toBe('name = "y"\n')
  })
})

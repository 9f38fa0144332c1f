import type { JailDefinition } from '@warder/core'
import { describe, expect, it } from 'vitest'
import {
  definedWith,
  ignoredWords,
  joinLocal,
  localKeys,
  NO_LOCAL_TUNING,
  overridesWith,
  type LocalChange,
} from './local.ts'

const change = (part: Partial<LocalChange>): LocalChange => ({
  settings: {},
  ignore: [],
  unignore: [],
  ...part,
})
const join = (...parts: readonly Partial<LocalChange>[]) =>
  parts.reduce((local, part) => joinLocal(local, 'door', change(part)), NO_LOCAL_TUNING)

const DOOR: JailDefinition = {
  name: 'door',
  filter: { name: 'door', failregex: [], ignoreregex: [], maxlines: 1, journalmatch: [] },
  backend: 'file',
  logpath: [],
  ports: { protocol: 'tcp', ports: 'all' },
  ignoreip: ['192.0.2.0/24'],
  ignorehosts: ['friend.example'],
  ignorefiles: ['/etc/friends'],
  maxmatches: 5,
  settings: { enabled: true, maxretry: 5, findtime: 600, bantime: 600 },
}

describe('changes by hand', () => {
  it.each<[string, readonly Partial<LocalChange>[], readonly string[]]>([
    ['nothing', [], ['192.0.2.0/24', 'friend.example', 'file:/etc/friends']],
    [
      'a word more',
      [{ ignore: ['198.51.100.7'] }],
      ['192.0.2.0/24', '198.51.100.7', 'friend.example', 'file:/etc/friends'],
    ],
    [
      'a name more, and a subnet less',
      [{ ignore: ['other.example'] }, { unignore: ['192.0.2.0/24'] }],
      ['friend.example', 'other.example', 'file:/etc/friends'],
    ],
    [
      'a word that came and went',
      [{ ignore: ['198.51.100.7'] }, { unignore: ['198.51.100.7'] }],
      ['192.0.2.0/24', 'friend.example', 'file:/etc/friends'],
    ],
    [
      'a word that went and came',
      [{ unignore: ['192.0.2.0/24'] }, { ignore: ['192.0.2.0/24'] }],
      ['192.0.2.0/24', 'friend.example', 'file:/etc/friends'],
    ],
  ])('of ignoreip: %s', (_, parts, words) => {
    expect(ignoredWords(definedWith(DOOR, join(...parts)))).toEqual(words)
  })

  it('lie above what the server wishes, key by key', () => {
    const local = join(
      { settings: { maxretry: 2 } },
      { settings: { findtime: 60 } },
      { settings: { maxretry: 3 } },
    )
    expect(overridesWith({ door: { bantime: -1, maxretry: 9 }, gate: { maxretry: 1 } }, local)).toEqual({
      door: { bantime: -1, maxretry: 3, findtime: 60 },
      gate: { maxretry: 1 },
    })
    expect(localKeys(local.get('door'))).toEqual(['maxretry', 'findtime'])
    expect(localKeys(join({ ignore: ['192.0.2.1'] }).get('door'))).toEqual(['ignoreip'])
    expect(localKeys(undefined)).toEqual([])
  })
})

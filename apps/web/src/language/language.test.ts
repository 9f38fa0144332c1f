import { afterEach, describe, expect, it } from 'vitest'
import { formatBytes, formatNames, formatShort } from '../format/count.ts'
import { formatAgo, formatExact } from '../format/date.ts'
import { formatLeft, formatSpan, readSpan } from '../format/duration.ts'
import { bring } from './in-force.ts'
import { preferred } from './languages.ts'
import type { Catalogue } from './message.ts'
import { counted, english, formatCount, n, pieces, said, t } from './t.ts'

const GERMAN: Catalogue = {
  'Ban {address}': '{address} sperren',
  '{count} bans': { one: '{count} Sperre', other: '{count} Sperren' },
  'Read <a>the manual</a> on {node}': 'Auf {node} <a>das Handbuch</a> lesen',
  'right|of a clock': 'geht richtig',
  '{number}h|hours, as short as it gets': '{number} h',
  '{number}m|minutes, as short as it gets': '{number} min',
  'for ever': 'für immer',
  'just now': 'gerade eben',
  '{count} more': { one: '{count} weiterer', other: '{count} weitere' },
}
const FRENCH: Catalogue = {
  '{count} bans': {
    one: '{count} bannissement',
    many: '{count} de bannissements',
    other: '{count} bannissements',
  },
}

afterEach(() => bring('en', {}))

describe('a text', () => {
  it('is English as it stands in the source, with its places filled', () => {
    expect(t('Ban {address}', { address: '203.0.113.9' })).toBe('Ban 203.0.113.9')
    expect(t('right|of a clock')).toBe('right')
    expect(n(1, '{count} ban', '{count} bans')).toBe('1 ban')
    expect(n(1_234, '{count} ban', '{count} bans')).toBe('1,234 bans')
    expect(t(english('Overview'))).toBe('Overview')
  })

  it('is said in the language in force', () => {
    bring('de', GERMAN)
    expect(t('Ban {address}', { address: '203.0.113.9' })).toBe('203.0.113.9 sperren')
    expect(t('right|of a clock')).toBe('geht richtig')
    expect(n(1, '{count} ban', '{count} bans')).toBe('1 Sperre')
    expect(n(1_234, '{count} ban', '{count} bans')).toBe('1.234 Sperren')
  })

  it('takes the plural form that the language has', () => {
    bring('fr', FRENCH)
    const many = (count: number): string => n(count, '{count} ban', '{count} bans').replaceAll(/\s/g, ' ')
    expect(many(0)).toBe('0 bannissement')
    expect(many(2)).toBe('2 bannissements')
    expect(many(1_000_000)).toBe('1 000 000 de bannissements')
  })

  it('is English where the catalogue has nothing', () => {
    bring('de', {})
    expect(t('Ban {address}', { address: 'x' })).toBe('Ban x')
    expect(n(2, '{count} ban', '{count} bans')).toBe('2 bans')
    expect(t('toString')).toBe('toString')
  })

  it('writes nothing where there is nothing, and leaves a place that it was not told of', () => {
    expect(t('{a} and {b}', { a: undefined })).toBe(' and {b}')
  })
})

describe('the pieces of a sentence', () => {
  it('are its texts and its marks, in the order of the language', () => {
    const sentence = () => pieces(said('Read <a>the manual</a> on {node}', { node: 'pve1' }))
    expect(sentence()).toEqual(['Read ', { name: 'a', inner: 'the manual' }, ' on pve1'])
    bring('de', GERMAN)
    expect(sentence()).toEqual(['Auf pve1 ', { name: 'a', inner: 'das Handbuch' }, ' lesen'])
  })

  it('take a place without a value for something that is drawn', () => {
    expect(pieces(counted(2, '{ip}: {count} ban', '{ip}: {count} bans'))).toEqual([
      { name: 'ip', inner: '' },
      ': 2 bans',
    ])
  })

  it('take nothing out of a value, which may be an attacker’s', () => {
    const value = '<a>x</a>{ip}{node}'
    expect(pieces(said('{user} on {ip}', { user: value }))).toEqual([
      `${value} on `,
      { name: 'ip', inner: '' },
    ])
  })
})

it.each([
  [['de-AT', 'en'], 'de'],
  [['nl', 'pt-BR', 'en'], 'pt'],
  [['EN-us'], 'en'],
  [['ja'], 'en'],
  [[], 'en'],
])('who reads %j gets %s', (wanted, code) => expect(preferred(wanted)).toBe(code))

describe('numbers, dates and spans', () => {
  const at = new Date(2026, 10, 20, 14, 3, 22).getTime()
  const plain = (text: string): string => text.replaceAll(/[\s\u00a0\u202f]/g, ' ')

  it('are written as the language writes them', () => {
    bring('de', GERMAN)
    expect(formatCount(1_234_567)).toBe('1.234.567')
    expect(formatShort(9_999)).toBe('9.999')
    expect(formatBytes(1_536)).toBe('1,5 KB')
    expect(plain(formatExact(at))).toBe('20. Nov. 2026, 14:03:22')
    expect(formatNames(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c und 3 weitere')
    expect(formatSpan(5_400)).toBe('1 h 30 min')
    expect(formatLeft(null, 0)).toBe('für immer')
    expect(plain(formatAgo(at - 180_000, at))).toBe('vor 3 Min.')
    bring('fr', {})
    expect(formatBytes(58_000_000)).toBe('55 Mo')
    expect(plain(formatAgo(at - 40_000, at))).toBe('il y a 40 s')
  })

  it('are typed the same in all, but for the words', () => {
    bring('de', GERMAN)
    expect(readSpan('1h 30m', 'bantime')).toMatchObject({ ok: true, seconds: 5_400, words: '1 h 30 min' })
    expect(readSpan('für immer', 'bantime')).toMatchObject({ ok: true, seconds: -1 })
    expect(readSpan('for ever', 'bantime')).toMatchObject({ ok: true, seconds: -1 })
  })
})

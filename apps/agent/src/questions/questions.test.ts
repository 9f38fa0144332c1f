import type { FilterDefinition } from '@warder/core'
import type { Question } from '@warder/protocol'
import { describe, expect, it } from 'vitest'
import { decide, type Decision } from '../settings/decide.ts'
import { filtersOf } from './filters.ts'
import { newestFitting } from './fitting.ts'
import { tailOf } from './tail-wanted.ts'

const DOOR = [[['SYSLOG_IDENTIFIER', 'door']]] as const
const SHOP = [[['SYSLOG_IDENTIFIER', 'shop']]] as const
const READINGS = [
  { jail: 'door', sources: ['journal'], journalmatch: DOOR },
  { jail: 'shop', sources: ['journal', '/var/log/shop.log'], journalmatch: SHOP },
]

describe('tailOf', () => {
  const ask = (source: string, jail?: string): Extract<Question, { kind: 'lines' }> => ({
    kind: 'lines',
    source,
    limit: 7,
    ...(jail === undefined ? {} : { jail }),
  })

  it.each([
    ['the journal for all jails', ask('journal'), { source: 'journal', matches: [DOOR, SHOP], limit: 7 }],
    ['the journal for one', ask('journal', 'shop'), { source: 'journal', matches: [SHOP], limit: 7 }],
    ['a file', ask('/var/log/shop.log'), { source: '/var/log/shop.log', matches: [], limit: 7 }],
    ['a file that another jail reads', ask('/var/log/shop.log', 'door'), null],
    ['a file that no jail reads', ask('/etc/shadow'), null],
    ['the same file by another way', ask('/var/log/../log/shop.log'), null],
    ['a jail that is not here', ask('journal', 'nobody'), null],
  ])('%s', (_, question, tail) => expect(tailOf(question, READINGS)).toEqual(tail))
})

describe('newestFitting', () => {
  const line = (text: string) => ({ text, writtenAt: null })
  const bytes = (text: string) => JSON.stringify(line(text)).length + 1

  it.each([
    ['all of a few', ['a', 'b'], 1_000, ['a', 'b'], false],
    ['the newest of many', ['a', 'b', 'c'], 2 * bytes('a'), ['b', 'c'], true],
    ['none where the newest alone is too much', ['a'], 5, [], true],
    ['bytes as JSON writes them', ['a', '\u0001'], bytes('a'), [], true],
  ])('keeps %s', (_, texts, limit, kept, cut) =>
    expect(newestFitting(texts.map(line), limit)).toEqual({ lines: kept.map(line), cut }),
  )
})

describe('filtersOf', () => {
  const filter = (name: string, failregex: string): FilterDefinition => ({
    name,
    failregex: [failregex],
    ignoreregex: [],
    maxlines: 1,
    journalmatch: [],
  })
  const jail = (name: string, enabled: boolean, definition: FilterDefinition) => ({
    name,
    filter: definition,
    settings: { enabled, maxretry: 3, findtime: 600, bantime: 600 },
    backend: 'file' as const,
    logpath: ['/log'],
    ports: { protocol: 'tcp' as const, ports: 'all' as const },
    ignoreip: [],
    maxmatches: 3,
  })
  const decisions: readonly Decision[] = decide({
    configuration: {
      jails: [
        jail('off', false, filter('off', '^never <HOST>$')),
        jail('door', true, filter('door', '^bad <HOST>$')),
        jail('gate', true, filter('door', '^bad <HOST>$')),
        jail('strict', true, filter('door', '^any <HOST>$')),
        jail('broken', true, filter('broken', '^(((<HOST>$')),
      ],
      problems: [],
      places: new Map(),
    },
    overrides: {},
    lastGood: new Map(),
  }).decisions

  it('tells filters with the jails that use them; those in use first, broken ones included', () => {
    const { filters, cut } = filtersOf(decisions)
    expect(cut).toBe(false)
    expect(filters.map(({ name, jails, failregex }) => [name, jails, failregex])).toEqual([
      ['door', ['door', 'gate'], ['^bad <HOST>$']],
      ['door', ['strict'], ['^any <HOST>$']],
      ['broken', ['broken'], ['^(((<HOST>$']],
      ['off', ['off'], ['^never <HOST>$']],
    ])
  })

  it('leaves out what an answer does not take', () => {
    const { filters, cut } = filtersOf(decisions, 250)
    expect([filters.length, cut]).toEqual([1, true])
  })
})

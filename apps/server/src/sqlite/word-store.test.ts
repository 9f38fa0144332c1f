import { describe, expect, it } from 'vitest'
import { matchOf } from './match.ts'
import { banned, failure } from '../lab/agent.ts'
import { openLabDatabase } from './lab.ts'
import type { EventFilter } from '../events/store.ts'
import { NOON } from '../lab/server.ts'
import { termsOf } from '../events/words.ts'
import { wordStore } from './word-store.ts'

describe('what somebody types', () => {
  it.each([
    ['root', '"root"'],
    ['Failed  root', '"Failed" AND "root"'],
    ['"Failed password" 192.0.2.*', '"Failed password" AND "192.0.2."*'],
    ['"unended phrase', '"unended phrase"'],
    // Operators, columns, brackets and quotes of the search's own language are only text.
    ['a OR b', '"a" AND "OR" AND "b"'],
    ['words:root', '"words:root"'],
    ['NEAR(a b)', '"NEAR(a" AND "b)"'],
    ['a" OR words MATCH "b', '"a" AND " OR words MATCH " AND "b"'],
    ['-root ^x', '"-root" AND "^x"'],
    ['x\0y', '"x y"'],
    ['"" * ** ??? ""', ''],
    ['a b c d e f g h i j', '"a" AND "b" AND "c" AND "d" AND "e" AND "f" AND "g" AND "h"'],
  ])('%j is looked for as %s', (typed, match) => {
    expect(matchOf(termsOf(typed))).toBe(match)
  })

  it('is never refused by the search, whatever it is', () => {
    using lab = openLabDatabase()
    const ask = lab.db.prepare('SELECT rowid FROM event_words WHERE event_words MATCH ?')
    const signs = [...'"\'*()^-+:{}[]<>~\\%_;\0\n\u2028ä', 'AND', 'OR', 'NOT', 'NEAR', 'words', 'x', ' ']
    let seed = 7
    const next = () => signs[(seed = (seed * 48_271) % 2_147_483_647) % signs.length]
    for (let i = 0; i < 400; i++) {
      const terms = termsOf(Array.from({ length: 12 }, next).join(''))
      if (terms.length > 0) expect(() => ask.all(matchOf(terms))).not.toThrow()
    }
  })
})

describe('the index of words', () => {
  const ALL = { nodeId: null, jail: null, ip: null, kinds: [] }

  it('finds lines, names and reasons; goes on where it stopped; forgets what is forgotten', () => {
    using lab = openLabDatabase()
    const { stores, storage } = lab
    const words = wordStore(lab.db)
    const node = stores.nodes.add({ name: 'pve1', cluster: null, enrolledAt: NOON })
    const outboxId = stores.outboxes.open(node, 'outbox-1').id
    const found = (typed: string, over = {}, after: number | null = null) =>
      words
        .search(termsOf(typed), { ...ALL, ...over }, after === null ? null : { at: 0, id: after }, 2)
        .map(({ seq }) => seq)
    const events = [
      failure('192.0.2.1', NOON),
      failure('192.0.2.10', NOON, 'proxmox'),
      banned('198.51.100.7', NOON),
      { kind: 'source.lost', source: '/var/log/auth.log', reason: 'permission denied' } as const,
      failure('2001:db8::7', NOON),
    ]
    events.forEach((event, i) =>
      stores.events.add({ nodeId: node, outboxId, outboxSeq: i + 1, at: NOON - i, event }),
    )
    expect(storage.upkeep.indexWords(3)).toBe(3)
    expect(found('root')).toEqual([3, 2])
    expect(storage.upkeep.indexWords(3)).toBe(2)
    expect(storage.upkeep.indexWords(3)).toBe(0)
    expect(found('root')).toEqual([5, 3])
    expect(found('root', {}, 3)).toEqual([2, 1])
    expect(found('192.0.2.1')).toEqual([1])
    expect(found('192.0.2.*')).toEqual([2, 1])
    expect(found('2001:db8::7')).toEqual([5])
    expect(found('root', { jail: 'proxmox' })).toEqual([2])
    expect(found('root', { kinds: ['ban.added'] })).toEqual([3])
    expect(found('"permission denied" auth.log')).toEqual([4])
    expect(found('"denied permission"')).toEqual([])
    stores.events.forget('failures', NOON + 1, 10)
    expect(found('root')).toEqual([3])
  })

  it('finds the beginning of a word near and far, as one page after the other', () => {
    using lab = openLabDatabase()
    const { stores, storage } = lab
    const words = wordStore(lab.db)
    const node = stores.nodes.add({ name: 'pve1', cluster: null, enrolledAt: NOON })
    const outboxId = stores.outboxes.open(node, 'outbox-1').id
    const TOTAL = 5_000
    const seldom = (i: number) => i % 400 === 0
    stores.transaction(() => {
      for (let i = 1; i <= TOTAL; i++) {
        const event = failure(
          seldom(i) ? `198.51.100.${i / 400}` : '192.0.2.1',
          NOON,
          i % 800 === 0 ? 'proxmox' : 'sshd',
        )
        stores.events.add({ nodeId: node, outboxId, outboxSeq: i, at: NOON, event })
      }
    })
    while (storage.upkeep.indexWords(1_000) > 0);
    const expected = Array.from({ length: TOTAL }, (_, i) => TOTAL - i).filter(seldom)
    const paged = (filter: EventFilter, limit: number) => {
      const seen: number[] = []
      for (let after: number | null = null; ; after = seen.at(-1) ?? null) {
        const place = after === null ? null : { at: 0, id: after }
        const page = words.search(termsOf('198.51.*'), filter, place, limit)
        seen.push(...page.map(({ seq }) => seq))
        if (page.length < limit) return seen
      }
    }
    expect(paged(ALL, 100)).toEqual(expected)
    expect(paged(ALL, 3)).toEqual(expected)
    expect(paged({ ...ALL, jail: 'proxmox' }, 2)).toEqual(expected.filter((seq) => seq % 800 === 0))
    expect(words.search(termsOf('192.0.2.*'), ALL, null, 2).map(({ seq }) => seq)).toEqual([5_000, 4_999])
  })
})

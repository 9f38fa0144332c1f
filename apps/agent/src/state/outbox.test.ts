import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NodeEvent } from '@warder/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { factsStore } from './facts.ts'
import { openDb, type Db } from './open.ts'
import { outboxStore, type Outbox } from './outbox.ts'
import { packsStore } from './packs.ts'

let folder: string
let db: Db

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warder-outbox-'))
  db = openDb(join(folder, 'state.db'), 0).db
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

const open = (limit?: number) => outboxStore({ db, facts: factsStore(db), packs: packsStore(db) }, limit)
const failure = (n: number): NodeEvent => ({
  kind: 'failure.found',
  jail: 'sshd',
  ip: '192.0.2.1',
  failedAt: n,
  line: `line ${n}`,
})
const applied = (revision: number): NodeEvent => ({ kind: 'settings.applied', revision })
const contents = (outbox: Outbox) =>
  outbox.read(0, 10_000).map(({ seq, event }) => {
    if (event.kind === 'failure.found') return `${seq} failure ${event.failedAt}`
    if (event.kind === 'settings.applied') return `${seq} applied ${event.revision}`
    return event.kind === 'outbox.gapped' ? `${seq} gap ${event.lost}` : `${seq} ?`
  })

/** What the server demands: a number is left out only right before a gap notice. */
function isAcceptable(outbox: Outbox, acked: number): boolean {
  let last = acked
  return outbox.read(0, 10_000).every(({ seq, event }) => {
    const fits = seq === last + 1 || (seq > last && event.kind === 'outbox.gapped')
    last = seq
    return fits
  })
}

/** Events that are told of, one way or the other. */
const told = (outbox: Outbox) =>
  outbox
    .read(0, 10_000)
    .reduce((sum, { event }) => sum + (event.kind === 'outbox.gapped' ? event.lost : 1), 0)

describe('the outbox', () => {
  it('keeps the order of very many events, of failures and others by turns', () => {
    const outbox = open()
    const events = Array.from({ length: 4_000 }, (_, n) => (n % 6 === 5 ? applied(n) : failure(n)))
    outbox.append([failure(0)], 1)
    outbox.append(events, 2)
    expect(contents(outbox)).toEqual([
      '1 failure 0',
      ...events.map((_, n) => `${n + 2} ${n % 6 === 5 ? 'applied' : 'failure'} ${n}`),
    ])
    expect(outbox.depth()).toBe(4_001)
  })

  it('numbers events without gaps, across restarts, and forgets what was acknowledged', () => {
    open().append([failure(1), applied(2)], 5)
    const outbox = open()
    outbox.append([failure(3)], 6)
    expect(contents(outbox)).toEqual(['1 failure 1', '2 applied 2', '3 failure 3'])
    expect(outbox.read(1, 1).map(({ seq, at }) => [seq, at])).toEqual([[2, 5]])
    outbox.forget(2)
    expect([contents(outbox), outbox.depth(), outbox.last()]).toEqual([['3 failure 3'], 1, 3])
    outbox.forget(3)
    const later = open()
    later.append([applied(4)], 7)
    expect([contents(later), later.depth()]).toEqual([['4 applied 4'], 1])
  })

  it('keeps its id', () => {
    expect(open().id()).toBe(open().id())
  })

  it('sends what does not fit the link as lost, so that it cannot block what follows', () => {
    const outbox = open()
    outbox.append([{ ...applied(1), kind: 'agent.started', agent: 'x'.repeat(99) } as never, applied(2)], 1)
    expect(contents(outbox)).toEqual(['1 gap 1', '2 applied 2'])
  })

  describe('beyond its limit', () => {
    it('drops the oldest failures first and tells of the gap', () => {
      const outbox = open(40)
      outbox.append([applied(1), failure(2), failure(3), applied(4), failure(5)], 1)
      for (let n = 6; n <= 41; n++) outbox.append([failure(n)], 1)
      expect(contents(outbox).slice(0, 4)).toEqual(['1 applied 1', '3 gap 2', '4 applied 4', '5 failure 5'])
      expect(isAcceptable(outbox, 0)).toBe(true)
    })

    it('keeps everything else for as long as it can', () => {
      const outbox = open(100)
      for (let n = 1; n <= 2_000; n++) outbox.append([n % 40 === 0 ? applied(n) : failure(n)], 1)
      const kept = outbox.read(0, 1_000).filter(({ event }) => event.kind === 'settings.applied')
      expect(kept.length).toBe(50)
      expect(outbox.depth()).toBeLessThanOrEqual(100)
      expect(outbox.depth()).toBe(outbox.read(0, 1_000).length)
      expect(isAcceptable(outbox, 0)).toBe(true)
      expect(told(outbox)).toBe(2_000)
    })

    it('drops the rest when there are no failures, and merges the notices', () => {
      const outbox = open(20)
      for (let n = 1; n <= 500; n++) outbox.append([applied(n)], 1)
      expect(outbox.depth()).toBeLessThanOrEqual(20)
      expect(contents(outbox).filter((text) => text.includes('gap')).length).toBeLessThan(3)
      expect(isAcceptable(outbox, 0)).toBe(true)
      expect(told(outbox)).toBe(500)
    })

    it('never gives a number that may be on the link to another event', () => {
      const outbox = open(40)
      outbox.append([failure(1), failure(2), failure(3)], 1)
      outbox.markSent(3)
      // In one transaction: the disk is not what is tested.
      db.transaction(() => {
        for (let n = 4; n <= 3_000; n++) outbox.append([failure(n)], 1)
      })()
      expect(contents(outbox).slice(0, 3)).toEqual(['1 failure 1', '2 failure 2', '3 failure 3'])
      expect(isAcceptable(outbox, 0)).toBe(true)
      expect(told(open(40))).toBe(3_000)
    })
  })

  describe('agreeing with the server', () => {
    it('changes nothing when the server has what was forgotten', () => {
      const outbox = open()
      outbox.append([applied(1), applied(2)], 1)
      outbox.forget(1)
      expect(outbox.agree(1, 2)).toBe(false)
      expect(contents(outbox)).toEqual(['2 applied 2'])
    })

    it.each([
      ['with events waiting', 2, ['2 gap 2', '3 applied 3']],
      ['with none waiting', 3, ['3 gap 3']],
    ])('tells of the gap when the server has less: %s', (_, forgotten, expected) => {
      const outbox = open()
      outbox.append([applied(1), applied(2), applied(3)], 1)
      outbox.forget(forgotten)
      expect(outbox.agree(0, 2)).toBe(false)
      expect(outbox.agree(0, 2)).toBe(false)
      expect(contents(outbox)).toEqual(expected)
      expect(isAcceptable(outbox, 0)).toBe(true)
    })

    it('begins anew under another id when the server has more', () => {
      const outbox = open()
      const before = outbox.id()
      outbox.append([applied(1), applied(2)], 1)
      outbox.forget(1)
      expect(outbox.agree(7, 2)).toBe(true)
      expect(outbox.id()).not.toBe(before)
      expect(open().id()).toBe(outbox.id())
      outbox.append([applied(3)], 3)
      expect(contents(outbox)).toEqual(['1 applied 2', '2 applied 3'])
    })
  })
})

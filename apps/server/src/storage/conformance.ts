import { describe, expect, it } from 'vitest'
import type { NodeEvent } from '@warder/core'
import { banned, failure } from '../lab/agent.ts'
import { NOON } from '../lab/server.ts'
import { cutOf, DAY_MS, HOUR_MS, MINUTE_MS } from '../timeline/buckets.ts'
import { Tally } from '../timeline/tally.ts'
import type { Place } from '../http/cursor.ts'
import type { Storage } from './storage.ts'
import { SUBJECTS } from './subjects.ts'

/** A storage on a place of its own: opened again it has what was committed. */
export interface StoragePlace {
  open(): Storage
  remove(): void
}

const ALL = { nodeId: null, jail: null, ip: null, kinds: [] }
const BANS = { target: null, search: null, nodeId: null, jail: null, active: null, now: NOON }

/** What every storage must do, whatever it is made of. */
export function storageConformance(name: string, makePlace: () => StoragePlace): void {
  const withStorage = async (work: (storage: Storage, again: () => Promise<Storage>) => Promise<void>) => {
    const at = makePlace()
    let storage = at.open()
    try {
      await work(storage, async () => {
        await storage.close()
        return (storage = at.open())
      })
    } finally {
      await storage.close()
      at.remove()
    }
  }

  const fill = ({ stores }: Storage, events: readonly (readonly [at: number, event: NodeEvent])[]) => {
    const nodeId =
      stores.nodes.byName('pve1')?.id ?? stores.nodes.add({ name: 'pve1', cluster: null, enrolledAt: NOON })
    const outbox = stores.outboxes.open(nodeId, 'outbox-1')
    stores.transaction(() => {
      const tally = new Tally((ip) => (ip.startsWith('192.') ? 'DE' : ''))
      events.forEach(([at, event], i) => {
        stores.events.add({ nodeId, outboxId: outbox.id, outboxSeq: outbox.acked + i + 1, at, event })
        tally.add(nodeId, at, event)
      })
      stores.counters.add(tally)
      stores.outboxes.advance(outbox.id, outbox.acked + events.length)
    })
    return nodeId
  }

  describe(`storage ${name}`, () => {
    it('keeps a transaction whole, or nothing of it', () =>
      withStorage(async (storage, again) => {
        const { stores } = storage
        const nodeId = fill(storage, [[NOON, failure('192.0.2.1', NOON)]])
        const broken = () =>
          stores.transaction(() => {
            fill(storage, [[NOON, failure('192.0.2.2', NOON)]])
            throw new Error('in the middle')
          })
        expect(broken).toThrow('in the middle')
        const later = await again()
        expect(await later.ask('eventPage', ALL, null, 10)).toHaveLength(1)
        expect(later.stores.outboxes.open(nodeId, 'outbox-1').acked).toBe(1)
        expect(await later.ask('totals', NOON - HOUR_MS)).toEqual({ failures: 1, bans: 0 })
        expect(later.upkeep.isWell()).toBe(true)
      }))

    it.each(Object.entries(SUBJECTS))('keeps %s', (_name, { write, check }) =>
      withStorage(async (storage, again) => {
        storage.stores.transaction(() => write(storage.stores))
        check((await again()).stores)
      }),
    )

    it('never takes the same event twice', () =>
      withStorage(async (storage) => {
        const { stores } = storage
        const nodeId = fill(storage, [[NOON, failure('192.0.2.1', NOON)]])
        const outboxId = stores.outboxes.open(nodeId, 'outbox-1').id
        const twin = { nodeId, outboxId, outboxSeq: 1, at: NOON, event: failure('192.0.2.1', NOON) }
        expect(() => stores.transaction(() => stores.events.add(twin))).toThrow()
        expect(await storage.ask('eventPage', ALL, null, 10)).toHaveLength(1)
      }))

    it('pages through events and bans by place: nothing twice, nothing left out, whatever comes meanwhile', () =>
      withStorage(async (storage) => {
        const moments = Array.from({ length: 25 }, (_, i) => NOON - (i % 5) * 1_000)
        const nodeId = fill(
          storage,
          moments.map((at) => [at, failure('192.0.2.1', at)]),
        )
        for (const at of moments)
          storage.stores.bans.add(nodeId, {
            jail: 'sshd',
            ip: `192.0.2.${at % 200}`,
            at,
            until: null,
            origin: 'operator',
          })
        const seen: number[] = []
        const ids: number[] = []
        const places: { event: Place | null; ban: Place | null } = { event: null, ban: null }
        for (let turn = 0; turn < 6; turn++) {
          const page = await storage.ask('eventPage', ALL, places.event, 7)
          const bans = await storage.ask('banPage', BANS, places.ban, 7)
          seen.push(...page.map(({ seq }) => seq))
          ids.push(...bans.map(({ id }) => id))
          const last = page.at(-1)
          const lastBan = bans.at(-1)
          if (last) places.event = { at: last.at, id: last.seq }
          if (lastBan) places.ban = { at: lastBan.ban.at, id: lastBan.id }
          // Newer ones come at the front, where nobody is any more.
          fill(storage, [[NOON + 1_000, failure('192.0.2.9', NOON)]])
        }
        expect(seen).toHaveLength(25)
        expect(new Set(seen).size).toBe(25)
        expect(new Set(ids).size).toBe(25)
      }))

    it('counts by minute, hour and day, by jail, address and country, in the same transaction', () =>
      withStorage(async (storage) => {
        const nodeId = fill(storage, [
          [NOON, failure('192.0.2.1', NOON)],
          [NOON, failure('192.0.2.1', NOON - 3 * HOUR_MS)],
          [NOON, failure('198.51.100.7', NOON, 'proxmox')],
          [NOON, banned('192.0.2.1', NOON)],
        ])
        fill(storage, [[NOON, failure('192.0.2.1', NOON)]])
        const { ask, stores } = storage
        expect([...stores.counters.failuresOf(nodeId, NOON - 30 * MINUTE_MS)]).toEqual([
          ['proxmox', 1],
          ['sshd', 2],
        ])
        expect(await ask('totals', NOON - DAY_MS)).toEqual({ failures: 4, bans: 1 })
        const buckets = (hours: number) => ask('buckets', cutOf(hours, NOON))
        expect(await buckets(24)).toEqual([
          { at: NOON - 3 * HOUR_MS, node: 'pve1', failures: 1, bans: 0 },
          { at: NOON, node: 'pve1', failures: 3, bans: 1 },
        ])
        expect(await buckets(744)).toEqual(await buckets(24))
        const many = cutOf(24, NOON, 50)
        expect(many.bucketMs).toBe(15 * MINUTE_MS)
        expect(await ask('buckets', many)).toEqual(await buckets(24))
        const day = NOON - 12 * HOUR_MS
        expect(await ask('largest', DAY_MS, [day], 5)).toEqual([
          { ip: '192.0.2.1', failures: 3, bans: 1 },
          { ip: '198.51.100.7', failures: 1, bans: 0 },
        ])
        expect(
          await ask('ofAddress', '192.0.2.1', HOUR_MS, [NOON - 3 * HOUR_MS, NOON - HOUR_MS, NOON]),
        ).toEqual([
          { at: NOON - 3 * HOUR_MS, failures: 1, bans: 0 },
          { at: NOON, failures: 2, bans: 1 },
        ])
        expect(await ask('countries', DAY_MS, day, 5)).toEqual([
          { country: 'DE', failures: 3, bans: 1 },
          { country: '', failures: 1, bans: 0 },
        ])
      }))

    it('finds words once it has indexed them, and only what is still there', () =>
      withStorage(async (storage, again) => {
        fill(storage, [
          [NOON, failure('192.0.2.1', NOON)],
          [NOON - DAY_MS, failure('192.0.2.2', NOON)],
        ])
        while (storage.upkeep.indexWords(1) > 0);
        const later = await again()
        const find = (text: string, begins = false) =>
          later.ask('eventSearch', [{ text, begins }], ALL, null, 10)
        expect(await find('root')).toHaveLength(2)
        expect(await find('192.0.2.', true)).toHaveLength(2)
        expect(await find('"')).toEqual([])
        expect(later.stores.events.forget('failures', NOON, 10)).toBe(1)
        expect((await find('root')).map(({ event }) => 'ip' in event && event.ip)).toEqual(['192.0.2.1'])
        expect(later.upkeep.indexWords(10)).toBe(0)
      }))

    it('forgets in steps, and can use or give back the room', () =>
      withStorage(async (storage) => {
        fill(
          storage,
          Array.from({ length: 5_000 }, (_, i) => [NOON - i, failure('192.0.2.1', NOON)]),
        )
        expect(await storage.ask('eventsRankedAt', 'failures', 1_000)).toBe(NOON - 1_000)
        expect(await storage.ask('eventsRankedAt', 'others', 0)).toBeNull()
        expect(await storage.ask('bansRankedAt', 5)).toBeNull()
        expect(storage.stores.events.forget('others', NOON + 1, 100)).toBe(0)
        expect(storage.stores.events.forget('failures', NOON + 1, 100)).toBe(100)
        while (storage.stores.events.forget('failures', NOON + 1, 1_000) > 0);
        const { total, free } = storage.upkeep.room()
        expect(free).toBeGreaterThan(0)
        expect(free).toBeLessThanOrEqual(total)
        storage.upkeep.giveBack(65_536)
        expect(storage.upkeep.room().free).toBeLessThanOrEqual(free)
      }))
  })
}

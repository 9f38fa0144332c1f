import { ManualClock, makeLogger } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { failure } from '../lab/agent.ts'
import { openLabDatabase } from '../lab/database.ts'
import { NOON } from '../lab/server.ts'
import { Tally } from '../timeline/tally.ts'
import { startRetention } from './retention.ts'

const DAY = 86_400_000
const KEEP = { days: 90, rows: null }

describe('retention', () => {
  it('forgets what is older than history is kept, and nothing else', async () => {
    using lab = openLabDatabase()
    const { stores } = lab
    const clock = new ManualClock(NOON)
    const node = stores.nodes.add({ name: 'pve1', cluster: null, enrolledAt: NOON })
    const outbox = stores.outboxes.open(node, 'outbox-1').id
    stores.transaction(() => {
      for (let i = 0; i < 5_000; i++) {
        const at = i < 4_500 ? NOON - 91 * DAY : NOON - 89 * DAY
        stores.events.add({
          nodeId: node,
          outboxId: outbox,
          outboxSeq: i + 1,
          at,
          event: failure('192.0.2.1', at),
        })
      }
      for (const [at, until] of [
        [NOON - 100 * DAY, NOON - 99 * DAY],
        [NOON - 10 * DAY, NOON - 9 * DAY],
        [NOON, null],
      ] as const) {
        stores.bans.add(node, { jail: 'sshd', ip: '192.0.2.1', at, until, origin: 'operator' })
      }
      const tally = new Tally()
      for (const day of [0, 2, 5, 40, 91])
        tally.add(node, NOON - day * DAY, failure('192.0.2.1', NOON - day * DAY))
      stores.counters.add(tally)
    })
    const count = (sql: string): number =>
      lab.db.prepare<[], { n: number }>(`SELECT COUNT(*) AS n FROM ${sql}`).get()?.n ?? -1

    using _retention = startRetention({
      clock,
      log: makeLogger({ name: 'lab', level: 'silent', form: 'json' }),
      keep: { failures: KEEP, others: KEEP, bans: KEEP },
      limitBytes: null,
      stores,
      upkeep: lab.storage.upkeep,
      ask: lab.storage.ask,
    })
    await expect.poll(() => count('events')).toBe(500)
    // The one of nine days ago was never said to be over: it is closed, and kept.
    expect(count('bans WHERE ended_at IS NULL')).toBe(1)
    await expect.poll(() => count('bans')).toBe(2)
    expect(count('counters WHERE span = 60000')).toBe(2)
    expect(count('counters WHERE span = 3600000')).toBe(4)
    expect(count('counters WHERE span = 86400000')).toBe(4)
    clock.advance(2 * DAY)
    await expect.poll(() => count('events')).toBe(0)
  })

  it('keeps no more rows of a group than it may, and gives the room back', async () => {
    using lab = openLabDatabase()
    const { stores, storage } = lab
    const node = stores.nodes.add({ name: 'pve1', cluster: null, enrolledAt: NOON })
    const outbox = stores.outboxes.open(node, 'outbox-1').id
    stores.transaction(() => {
      for (let i = 1; i <= 60_000; i++) {
        const at = NOON - i * 1_000
        stores.events.add({
          nodeId: node,
          outboxId: outbox,
          outboxSeq: i,
          at,
          event: failure('192.0.2.1', at),
        })
      }
    })
    storage.upkeep.indexWords(100_000)
    const before = storage.upkeep.room()
    using _retention = startRetention({
      clock: new ManualClock(NOON),
      log: makeLogger({ name: 'lab', level: 'silent', form: 'json' }),
      keep: { failures: { days: 90, rows: 1_000 }, others: KEEP, bans: KEEP },
      limitBytes: null,
      stores,
      upkeep: storage.upkeep,
      ask: storage.ask,
    })
    const rows = () => lab.db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM events').get()?.n
    await expect.poll(rows, { timeout: 20_000 }).toBe(1_000)
    await expect
      .poll(() => storage.upkeep.room().total, { timeout: 20_000 })
      .toBeLessThan(before.total - 2_000_000)
    expect(stores.events.page({ nodeId: null, jail: null, ip: null, kinds: [] }, null, 1)[0]?.at).toBe(
      NOON - 1_000,
    )
  })

  it('takes the oldest failures away where history is too large, and nothing else', async () => {
    using lab = openLabDatabase()
    const { stores, storage } = lab
    const node = stores.nodes.add({ name: 'pve1', cluster: null, enrolledAt: NOON })
    const outbox = stores.outboxes.open(node, 'outbox-1').id
    stores.transaction(() => {
      for (let i = 1; i <= 20_000; i++) {
        const at = NOON - i * 60_000
        const event =
          i % 1_000 === 0 ? ({ kind: 'settings.applied', revision: i } as const) : failure('192.0.2.1', at)
        stores.events.add({ nodeId: node, outboxId: outbox, outboxSeq: i, at, event })
      }
    })
    const { total, free } = storage.upkeep.room()
    using _retention = startRetention({
      clock: new ManualClock(NOON),
      log: makeLogger({ name: 'lab', level: 'silent', form: 'json' }),
      keep: { failures: KEEP, others: KEEP, bans: KEEP },
      limitBytes: (total - free) / 2,
      stores,
      upkeep: storage.upkeep,
      ask: storage.ask,
    })
    const used = () => storage.upkeep.room().total - storage.upkeep.room().free
    await expect.poll(used, { timeout: 20_000 }).toBeLessThan((total - free) / 2)
    const kinds = { nodeId: null, jail: null, ip: null }
    expect(stores.events.page({ ...kinds, kinds: ['settings.applied'] }, null, 100)).toHaveLength(20)
    expect(stores.events.page({ ...kinds, kinds: ['failure.found'] }, null, 1)[0]?.at).toBe(NOON - 60_000)
  })
})

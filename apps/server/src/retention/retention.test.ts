import { ManualClock, makeLogger } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { failure } from '../lab/agent.ts'
import { NOON } from '../lab/server.ts'
import { openLabStorage } from '../lab/storage.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, type Span } from '../timeline/buckets.ts'
import { Tally } from '../timeline/tally.ts'
import { startRetention } from './retention.ts'

const KEEP = { days: 90, rows: null }
const ALL = { nodeId: null, jail: null, ip: null, kinds: [] }
const ALL_BANS = { target: null, search: null, nodeId: null, jail: null, active: null, now: 0 }

describe('retention', () => {
  it('forgets what is older than history is kept, and nothing else', async () => {
    using lab = openLabStorage()
    const { stores } = lab
    const clock = new ManualClock(NOON)
    const node = stores.nodes.add({ name: 'pve1', cluster: null, enrolledAt: NOON })
    const outbox = stores.outboxes.open(node, 'outbox-1').id
    stores.transaction(() => {
      for (let i = 0; i < 5_000; i++) {
        const at = i < 4_500 ? NOON - 91 * DAY_MS : NOON - 89 * DAY_MS
        stores.events.add({
          nodeId: node,
          outboxId: outbox,
          outboxSeq: i + 1,
          at,
          event: failure('192.0.2.1', at),
        })
      }
      for (const [at, until] of [
        [NOON - 100 * DAY_MS, NOON - 99 * DAY_MS],
        [NOON - 10 * DAY_MS, NOON - 9 * DAY_MS],
        [NOON, null],
      ] as const) {
        stores.bans.add(node, { jail: 'sshd', ip: '192.0.2.1', at, until, origin: 'operator' })
      }
      const tally = new Tally()
      for (const day of [0, 2, 5, 40, 91])
        tally.add(node, NOON - day * DAY_MS, failure('192.0.2.1', NOON - day * DAY_MS))
      stores.counters.add(tally)
    })
    const failures = () => stores.events.page(ALL, null, 10_000).length
    const counted = (span: Span) =>
      stores.counters.buckets({ bucketMs: span, span, from: 0, to: Number.MAX_SAFE_INTEGER }).length

    using _retention = startRetention({
      clock,
      log: makeLogger({ name: 'lab', level: 'silent', form: 'json' }),
      keep: { failures: KEEP, others: KEEP, bans: KEEP },
      limitBytes: null,
      stores,
      upkeep: lab.storage.upkeep,
      ask: lab.storage.ask,
    })
    await expect.poll(failures).toBe(500)
    // The one of nine days ago was never said to be over: it is closed, and kept.
    expect(stores.bans.counts(0).bans).toBe(1)
    await expect.poll(() => stores.banList.count(ALL_BANS)).toBe(2)
    expect(counted(MINUTE_MS)).toBe(2)
    expect(counted(HOUR_MS)).toBe(4)
    expect(counted(DAY_MS)).toBe(4)
    clock.advance(2 * DAY_MS)
    await expect.poll(failures).toBe(0)
  })

  it('keeps no more rows of a group than it may, and gives the room back', async () => {
    using lab = openLabStorage()
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
    const has = (count: number) => stores.events.rankedAt('failures', count - 1) !== null
    await expect.poll(() => has(1_001), { timeout: 60_000 }).toBe(false)
    expect(has(1_000)).toBe(true)
    await expect
      .poll(() => storage.upkeep.room().total, { timeout: 60_000 })
      .toBeLessThan(before.total - 2_000_000)
    expect(stores.events.page(ALL, null, 1)[0]?.at).toBe(NOON - 1_000)
  }, 120_000)

  it('takes the oldest failures away where history is too large, and nothing else', async () => {
    using lab = openLabStorage()
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

import { ManualClock, makeLogger } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { failure } from '../lab/agent.ts'
import { openLabDatabase } from '../lab/database.ts'
import { NOON } from '../lab/server.ts'
import { Tally } from '../timeline/tally.ts'
import { startRetention } from './retention.ts'

const DAY = 86_400_000

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
      keepDays: 90,
      ...stores,
    })
    await expect.poll(() => count('events')).toBe(500)
    // The one of nine days ago was never said to be over: it is closed, and kept.
    expect(count('bans WHERE ended_at IS NULL')).toBe(1)
    expect(count('bans')).toBe(2)
    expect(count('counters WHERE span = 60000')).toBe(2)
    expect(count('counters WHERE span = 3600000')).toBe(4)
    clock.advance(2 * DAY)
    await expect.poll(() => count('events')).toBe(0)
  })
})

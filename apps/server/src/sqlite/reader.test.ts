import { ManualClock } from '@warder/daemon'
import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failure } from '../lab/agent.ts'
import { openLabDatabase, type LabDatabase } from './lab.ts'
import { NOON } from '../lab/server.ts'
import { ANSWER_WITHIN_MS, MOST_WAITING, Reader } from './reader.ts'

let lab: LabDatabase
let clock: ManualClock
let reader: Reader
beforeEach(() => {
  lab = openLabDatabase()
  clock = new ManualClock(NOON)
  reader = new Reader(lab.file, clock)
})
afterEach(async () => {
  await reader.stop()
  lab[Symbol.dispose]()
})

const ALL = { nodeId: null, jail: null, ip: null, kinds: [] }

describe('reading beside the writer', () => {
  it('sees what was committed, and not what is still being written', async () => {
    const { stores } = lab
    const nodeId = stores.nodes.add({ name: 'pve1', cluster: null, enrolledAt: NOON })
    const outboxId = stores.outboxes.open(nodeId, 'outbox-1').id
    const add = (outboxSeq: number) =>
      stores.events.add({ nodeId, outboxId, outboxSeq, at: NOON, event: failure('192.0.2.1', NOON) })
    add(1)
    expect(await reader.ask('eventPage', ALL, null, 10)).toHaveLength(1)
    stores.transaction(() => add(2))
    expect((await reader.ask('eventPage', ALL, null, 10)).map(({ seq }) => seq)).toEqual([2, 1])
    expect(await reader.ask('banCounts', NOON)).toEqual({ bans: 0, addresses: 0 })
  })

  it('answers many at once, each with its own', async () => {
    const counts = await Promise.all(
      Array.from({ length: 40 }, (_, i) => reader.ask(i % 2 ? 'banCounts' : 'totals', NOON)),
    )
    counts.forEach((count, i) =>
      expect(Object.keys(count ?? {})).toEqual(i % 2 ? ['bans', 'addresses'] : ['failures', 'bans']),
    )
    expect(reader.pending).toBe(0)
  })

  it('ends what takes too long at its deadline, even in the middle of a statement, and answers the next', async () => {
    const nodeId = lab.stores.nodes.add({ name: 'pve1', cluster: null, enrolledAt: NOON })
    const outboxId = lab.stores.outboxes.open(nodeId, 'outbox-1').id
    lab.stores.events.add({ nodeId, outboxId, outboxSeq: 1, at: NOON, event: failure('192.0.2.1', NOON) })
    // Whoever asks for the name of a node waits for ever.
    lab.db.exec(`ALTER TABLE nodes RENAME TO few; CREATE VIEW nodes AS SELECT few.* FROM
      (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n) LEFT JOIN few ON i < 0`)
    expect(await reader.ask('totals', NOON)).toEqual({ failures: 0, bans: 0 })
    const [pid] = reader.pids
    if (pid === undefined) throw new Error('nothing reads')
    const slow = reader.ask('eventPage', ALL, null, 10)
    expect(reader.pids).toEqual([pid])
    clock.advance(ANSWER_WITHIN_MS)
    await expect(slow).rejects.toMatchObject({ code: 'query.slow', status: 503 })
    await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false)
    expect(await reader.ask('totals', NOON)).toEqual({ failures: 0, bans: 0 })
    expect(reader.pids).toHaveLength(1)
  })

  it('fails one question alone when what reads it is killed', async () => {
    await reader.ask('totals', NOON)
    const [pid] = reader.pids
    if (pid === undefined) throw new Error('nothing reads')
    process.kill(pid, 'SIGSTOP')
    const lost = reader.ask('totals', NOON)
    process.kill(pid, 'SIGKILL')
    await expect(lost).rejects.toThrow(/ended before/)
    expect(await reader.ask('totals', NOON)).toEqual({ failures: 0, bans: 0 })
  })

  it('turns away at once what is too much', async () => {
    const asked = Array.from({ length: MOST_WAITING + 3 }, () => reader.ask('banCounts', NOON))
    await expect(reader.ask('banCounts', NOON)).rejects.toMatchObject({ code: 'query.busy' })
    await expect(Promise.all(asked)).resolves.toHaveLength(MOST_WAITING + 3)
  })

  it('says what is wrong with a question, and goes on', async () => {
    await expect(reader.ask('eventPage', { ...ALL, nodeId: {} as number }, null, 1)).rejects.toThrow(
      /bind|parameter/i,
    )
    expect(await reader.ask('banCounts', NOON)).toEqual({ bans: 0, addresses: 0 })
  })
})

import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { banned, failure, LabNode, report } from '../lab/agent.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'
import { makeBackup } from '../backup/make.ts'
import { nameOf } from '../backup/manifest.ts'
import { beginEmpty, restoreBackup } from '../backup/restore.ts'
import { verifyBackup } from '../backup/verify.ts'

const HISTORY = 'history.sqlite'

let folder: string
let lab: Lab
const data = () => lab.config.data_dir
const backups = () => join(folder, 'backups')
const make = (over: { keep?: number; madeAt?: number } = {}) =>
  makeBackup({ dataDir: data(), folder: backups(), keep: null, madeAt: NOON, told: () => {}, ...over })
const restore = (from: string) => restoreBackup({ dataDir: data(), at: NOON }, from)
/** The addresses that are banned, as the API has them. */
const bannedNow = async (): Promise<readonly string[]> =>
  (await lab.as('GET', PATHS.bans)).body.rows.map(({ ip }: { ip: string }) => ip)

/** Writes over a few bytes of a file, as a failing disk does. */
async function spoil(file: string, at: number): Promise<void> {
  const handle = await open(file, 'r+')
  await handle.write(Buffer.alloc(512, 0xa5), 0, 512, at)
  await handle.close()
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warder-backup-'))
  lab = await startLab({ folder })
})
afterEach(() => lab[Symbol.asyncDispose]())

describe('a backup', () => {
  it('holds what was there at its moment, while the server goes on, and is put back with its accounts and nodes', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    await report(link, node.record(NOON, failure('203.0.113.9', NOON), banned('203.0.113.9', NOON)))
    await lab.cookie()
    const { folder: made, bytes } = await make()
    expect(made).toBe(join(backups(), 'warder-2026-11-20T12-00-00Z'))
    expect(bytes).toBeGreaterThan(10_000)
    await report(link, node.record(NOON, banned('203.0.113.10', NOON)))
    expect((await bannedNow()).toSorted()).toEqual(['203.0.113.10', '203.0.113.9'])
    await lab.stop()

    const { before } = await restore(made)
    expect(await readdir(before ?? '')).toContain(HISTORY)
    lab = await startLab({ folder })
    expect(await bannedNow()).toEqual(['203.0.113.9'])
    const again = await node.dial(lab.url)
    const welcome = await again.next('welcome')
    expect(welcome).toMatchObject({ node: 'pve1', acked: 2 })
    // The third event is gone from both sides; the node says so, and goes on.
    const lost = node.record(NOON, { kind: 'outbox.gapped', lost: 1 }, banned('203.0.113.11', NOON))
    await report(again, lost)
    expect((await bannedNow()).toSorted()).toEqual(['203.0.113.11', '203.0.113.9'])
  })

  it('is made while others write all the time', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    let making = true
    const made = make().finally(() => (making = false))
    while (making)
      await report(link, node.record(NOON, ...Array.from({ length: 50 }, () => failure('203.0.113.9', NOON))))
    expect((await verifyBackup((await made).folder)).problems).toEqual([])
  })

  it('is for the eyes of its owner only', async () => {
    const { folder: made } = await make()
    expect((await stat(made)).mode & 0o777).toBe(0o700)
    for (const name of await readdir(made))
      expect([name, (await stat(join(made, name))).mode & 0o777]).toEqual([name, 0o600])
  })

  it('replaces the oldest where only some stay, and leaves other folders alone', async () => {
    for (const hour of [1, 2, 3]) await make({ madeAt: NOON + hour * 3_600_000, keep: 2 })
    expect((await readdir(backups())).toSorted()).toEqual([
      nameOf(NOON + 7_200_000),
      nameOf(NOON + 10_800_000),
    ])
  })

  it('that is not finished does not count, and goes with the next', async () => {
    await make()
    const left = join(backups(), '.unfinished-warder-2026-11-20T11-00-00Z')
    await writeFile(left, '')
    await make({ madeAt: NOON + 1_000 })
    expect(await readdir(backups())).not.toContain('.unfinished-warder-2026-11-20T11-00-00Z')
  })
})

describe('a backup that was', () => {
  it.each([
    ['changed', (made: string) => spoil(join(made, HISTORY), 8_192), 'history.sqlite was changed since'],
    ['robbed of a key', (made: string) => rm(join(made, 'identity.pem')), 'identity.pem is missing'],
    ['robbed of its manifest', (made: string) => rm(join(made, 'backup.json')), 'is no backup'],
    ['given another manifest', (made: string) => writeFile(join(made, 'backup.json'), '{}'), 'is no backup'],
  ])('%s is refused, and nothing is changed', async (_name, harm, problem) => {
    const { folder: made } = await make()
    await harm(made)
    await lab.stop()
    const before = await readFile(join(data(), HISTORY))
    await expect(restore(made)).rejects.toThrow(problem)
    expect(before.equals(await readFile(join(data(), HISTORY)))).toBe(true)
    expect((await readdir(data())).filter((name) => name.startsWith('before-'))).toEqual([])
  })
})

it('is not put back under a running server', async () => {
  const { folder: made } = await make()
  await expect(restore(made)).rejects.toThrow('works on')
})

it('is not made of a history that is damaged inside, and the older ones stay', async () => {
  const { folder: first } = await make()
  await lab.stop()
  const file = join(data(), HISTORY)
  await spoil(file, (await stat(file)).size - 4_096)
  expect(backend.problems(data()).length).toBeGreaterThan(0)
  await expect(make({ madeAt: NOON + 1_000, keep: 1 })).rejects.toThrow('not whole')
  expect(await readdir(backups())).toEqual([nameOf(NOON)])
  expect((await verifyBackup(first)).problems).toEqual([])
})

describe('a history that cannot be read', () => {
  it('says the way back when the server starts, and the way works', async () => {
    await lab.cookie()
    const { folder: made } = await make()
    await lab.stop()
    await writeFile(join(data(), HISTORY), 'x'.repeat(100_000))
    await expect(startLab({ folder })).rejects.toThrow(
      /is damaged and cannot be read .*warder-server restore/,
    )
    await restore(made)
    lab = await startLab({ folder })
    expect((await lab.as('GET', PATHS.bans)).status).toBe(200)
  })

  it('is put aside for an empty one, with the key of the server kept', async () => {
    await lab.stop()
    const key = await readFile(join(data(), 'identity.pem'), 'utf8')
    await writeFile(join(data(), HISTORY), 'x'.repeat(100_000))
    const aside = await beginEmpty({ dataDir: data(), at: NOON })
    expect(await readdir(aside ?? '')).toContain(HISTORY)
    // Again within the same second: what lies aside already stays as it is.
    await writeFile(join(data(), HISTORY), 'y')
    const another = await beginEmpty({ dataDir: data(), at: NOON })
    expect(await readFile(join(another ?? '', HISTORY), 'utf8')).toBe('y')
    expect(await readFile(join(aside ?? '', HISTORY), 'utf8')).toMatch(/^x/)
    lab = await startLab({ folder })
    expect(lab.claimCode).not.toBeNull()
    expect(await readFile(join(data(), 'identity.pem'), 'utf8')).toBe(key)
  })
})

it('tells of a history of a newer Warder', async () => {
  const { folder: made } = await make()
  const db = new Database(join(made, HISTORY))
  db.prepare('INSERT INTO migrations (number, name) VALUES (9999, ?)').run('of-tomorrow')
  db.close()
  expect(backend.problems(made)).toEqual([expect.stringMatching(/newer Warder \(step 9999/)])
})

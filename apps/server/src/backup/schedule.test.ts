import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLogger } from '@warder/daemon'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { NOON, startLab, type Lab } from '../lab/server.ts'
import { nameOf } from './manifest.ts'
import { BackupSchedule } from './schedule.ts'

const HOUR = 3_600_000

let folder: string
let lab: Lab
let schedule: BackupSchedule
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warder-schedule-'))
  lab = await startLab({ folder })
})
afterEach(async () => {
  schedule[Symbol.dispose]()
  await lab[Symbol.asyncDispose]()
})

const backups = () => join(folder, 'backups')
const begin = (into = backups()) => {
  const log = makeLogger({ name: 'lab', level: 'silent', form: 'json' })
  const config = { ...lab.config, backup: { folder: into, every_hours: 24, keep: 2 } }
  schedule = new BackupSchedule({ clock: lab.clock, log, config })
}
const made = (...days: readonly number[]) => days.map((day) => nameOf(NOON + day * 24 * HOUR))

it('makes a backup when one is due, in a process of its own, and keeps the newest', async () => {
  begin()
  await expect.poll(() => schedule.state).toEqual({ latestAt: NOON, problem: null })
  expect(await readdir(backups())).toEqual(made(0))
  lab.clock.advance(23 * HOUR)
  await schedule.look()
  expect(await readdir(backups())).toEqual(made(0))
  for (const day of [1, 2]) {
    lab.clock.advance(NOON + day * 24 * HOUR - lab.clock.now())
    await expect.poll(() => schedule.state?.latestAt).toBe(NOON + day * 24 * HOUR)
  }
  expect((await readdir(backups())).toSorted()).toEqual(made(1, 2))
})

it('says why there is none, and tries again after an hour', async () => {
  const blocked = join(folder, 'blocked')
  await writeFile(blocked, '')
  begin(blocked)
  await expect.poll(() => schedule.state?.problem).toMatch(/EEXIST|ENOTDIR/)
  await rm(blocked)
  lab.clock.advance(HOUR / 2)
  await schedule.look()
  expect(schedule.state?.problem).not.toBeNull()
  lab.clock.advance(HOUR / 2)
  await expect.poll(() => schedule.state).toMatchObject({ problem: null, latestAt: NOON + HOUR })
})

it('makes none where none are asked for', async () => {
  const log = makeLogger({ name: 'lab', level: 'silent', form: 'json' })
  schedule = new BackupSchedule({ clock: lab.clock, log, config: lab.config })
  await schedule.look()
  expect(schedule.state).toBeNull()
  expect(await readdir(folder)).not.toContain('backups')
})

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { Journald, whyNoJournald } from './journald.ts'
import { findFiles, machineSources } from './machine.ts'

describe('finding log files', () => {
  it('gives what a glob finds now, and a plain path as it is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warder-glob-'))
    await mkdir(join(folder, 'site-b'))
    for (const name of ['b.log', 'a.log', 'a.txt', 'site-b/c.log']) await writeFile(join(folder, name), '')
    const find = async (pattern: string) =>
      (await findFiles(join(folder, pattern))).map((path) => path.slice(folder.length + 1))
    expect(await find('*.log')).toEqual(['a.log', 'b.log'])
    expect(await find('**/*.log')).toEqual(['a.log', 'b.log', 'site-b/c.log'])
    expect(await find('site-?/*.log')).toEqual(['site-b/c.log'])
    expect(await find('none/*.log')).toEqual([])
    expect(await find('missing.log')).toEqual(['missing.log'])
    await rm(folder, { recursive: true })
  })
})

describe('asking for the journal', () => {
  it('says that journalctl is missing', async () => {
    const sources = machineSources(systemClock, ['/nowhere/journalctl'])
    expect(await sources.journalTrouble()).toBe('journalctl is not installed')
  })

  const trouble = whyNoJournald()
  it.skipIf(trouble)(`finds no fault with a real one${trouble ? ` (${trouble})` : ''}`, async () => {
    await using journald = await Journald.start()
    expect(await machineSources(systemClock, journald.journalctl).journalTrouble()).toBeNull()
    const nothing = machineSources(systemClock, [...journald.journalctl, '--directory=/run/lock'])
    journald.run(['mkdir', '-p', '/run/lock'])
    expect(await nothing.journalTrouble()).toBe('there is no journal on this node')
  })
})

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JOURNAL } from '@warder/core'
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

describe('looking at the end of the journal', () => {
  const trouble = whyNoJournald()
  const match = (identifier: string) => [[['SYSLOG_IDENTIFIER', identifier]] as const]

  it.skipIf(trouble)(
    `gives the last entries that fit, oldest first${trouble ? ` (${trouble})` : ''}`,
    async () => {
      await using journald = await Journald.start()
      const sources = machineSources(systemClock, journald.journalctl)
      const last = (limit: number, ...names: readonly string[]) =>
        sources.last({ source: JOURNAL, matches: names.map(match), limit })
      journald.log('door', ['one', 'two'])
      journald.log('other', ['three'])
      journald.log('shop', ['four'])
      await expect.poll(async () => (await last(10, 'shop')).length).toBe(1)
      const texts = async (limit: number, ...names: readonly string[]) =>
        (await last(limit, ...names)).map(({ text }) => text.slice(text.indexOf(']: ') + 3))
      expect(await texts(10, 'door')).toEqual(['one', 'two'])
      expect(await texts(2, 'door', 'shop')).toEqual(['two', 'four'])
      expect(await texts(10, 'nobody')).toEqual([])
      expect((await sources.last({ source: JOURNAL, matches: [[]], limit: 500 })).length).toBeGreaterThan(3)
      expect((await last(1, 'shop'))[0]?.writtenAt).toBeGreaterThan(1_700_000_000_000)
    },
  )

  it('says why there is none', async () => {
    const missing = machineSources(systemClock, ['/nowhere/journalctl'])
    const failing = machineSources(systemClock, ['sh', '-c', 'echo it is broken >&2; exit 1'])
    const tail = { source: JOURNAL, matches: [], limit: 5 }
    await expect(missing.last(tail)).rejects.toThrow('journalctl cannot be run')
    await expect(failing.last(tail)).rejects.toThrow('it is broken')
  })
})

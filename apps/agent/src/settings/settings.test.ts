import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock, systemClock, type Clock } from '@warder/daemon'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toAgentConfig } from '../config/load.ts'
import { machineSources } from '../source/machine.ts'
import type { SourceMaker } from '../source/source.ts'
import { keyOf, Settings, type Built } from './settings.ts'

let folder: string
let sources: SourceMaker

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warder-settings-'))
  // A node without a journal, whatever this machine has.
  sources = { ...machineSources(systemClock), journalTrouble: async () => 'there is no journal on this node' }
})
afterEach(() => rm(folder, { recursive: true }))

const write = async (path: string, text: string) => {
  await mkdir(join(folder, 'jail.d'), { recursive: true })
  await mkdir(join(folder, 'filter.d'), { recursive: true })
  await writeFile(join(folder, path), text)
}
const make = (clock: Clock = systemClock) =>
  new Settings({
    config: toAgentConfig({ config_dir: folder, pve_dir: folder }),
    clock,
    sources,
    lastGood: [],
    wanted: { revision: 0, jails: {} },
  })
const standingOf = async (settings: Settings, name: string) =>
  (await settings.load()).jails.find((jail) => jail.name === name)
const mine = (more = '') => `[mine]\nenabled = true\nfilter = mine\nlogpath = ${folder}/*.log\n${more}\n`
const FILTER = '[Definition]\nfailregex = ^bad login from <HOST>$\n'

describe('what a node runs', () => {
  it('comes from the shipped jails and the files of the operator', async () => {
    await write('jail.local', mine('port = 8006,9000:9010'))
    await write('filter.d/mine.local', FILTER)
    await write('a.log', '')
    const settings = make()
    expect(await standingOf(settings, 'mine')).toMatchObject({
      state: 'running',
      filter: 'mine',
      ports: 'tcp 8006, 9000-9010',
      sources: [`${folder}/a.log`],
    })
    const built = await settings.load()
    expect(built.listening.files).toContain(`${folder}/a.log`)
    const ports = { protocol: 'both', ports: 'all' }
    expect(built.planned.firewall.jails.slice(-3)).toEqual(
      ['manual', 'shared', 'blocklist'].map((name) => ({ name, ports })),
    )
  })

  it('waits for files that a glob does not find yet, and finds them', async () => {
    await write('jail.local', mine())
    await write('filter.d/mine.conf', FILTER)
    const settings = make()
    const before = await settings.load()
    expect(before.jails.find(({ name }) => name === 'mine')).toMatchObject({
      state: 'disabled',
      reason: `nothing to read: ${folder}/*.log does not exist`,
      sources: [],
    })
    expect(before.problems).toEqual([])
    expect(keyOf(await settings.refresh(before))).toBe(keyOf(before))
    await write('b.log', '')
    const after = await settings.refresh(before)
    expect(keyOf(after)).not.toBe(keyOf(before))
    expect(after.listening.files).toContain(`${folder}/b.log`)
    expect(after.jails.find(({ name }) => name === 'mine')).toMatchObject({ state: 'running' })
  })

  it('never counts the addresses of host names', async () => {
    await write('jail.local', mine('ignoreip = localhost nobody.invalid 192.0.2.1'))
    await write('filter.d/mine.conf', FILTER)
    const { planned, good, problems } = await make().load()
    const { ignoreip } =
      planned.engine.jails.find(({ jail }) => jail.definition.name === 'mine')?.jail.definition ?? {}
    expect(ignoreip?.slice(0, 2)).toEqual(['192.0.2.1', expect.stringMatching(/^(?:127\.0\.0\.1|::1)$/)])
    expect(good.find(({ name }) => name === 'mine')?.ignoreip).toEqual(['192.0.2.1'])
    expect(problems.join()).toContain('ignoreip nobody.invalid: nobody knows this name')
  })

  it.each([
    [false, 'disabled', 'the journal has no entry of shopd'],
    [true, 'running', undefined],
  ])('asks the journal too where no file is there (it has entries: %s)', async (has, state, reason) => {
    sources = { ...sources, journalTrouble: async () => null, journalHas: async () => has }
    await write('jail.local', mine('journalmatch = _SYSTEMD_UNIT=shopd.service + _COMM=shop'))
    await write('filter.d/mine.conf', FILTER)
    const standing = await standingOf(make(), 'mine')
    expect(standing).toMatchObject({ state, sources: ['journal'] })
    if (reason === undefined) expect(standing?.reason).toBeUndefined()
    else expect(standing?.reason).toContain(reason)
    await write('shop.log', '')
    expect(await standingOf(make(), 'mine')).toMatchObject({
      state: 'running',
      sources: [`${folder}/shop.log`],
    })
  })

  it('does not run what has nothing to read, and says so', async () => {
    await write('jail.local', '[sshd]\nenabled = true\nbackend = systemd\n')
    const settings = make()
    expect(await standingOf(settings, 'sshd')).toMatchObject({
      state: 'failed',
      reason: 'it reads the journal, and there is no journal on this node',
    })
    expect((await settings.load()).problems.join()).toContain('jail sshd: it reads the journal')
  })

  it('keeps a jail that the next edit breaks', async () => {
    await write('a.log', '')
    await write('jail.local', mine())
    await write('filter.d/mine.conf', FILTER)
    const settings = make()
    settings.adopt(await settings.load())
    await write('filter.d/mine.conf', FILTER.replace('bad', '((('))
    const built = await settings.load()
    expect(built.jails.find(({ name }) => name === 'mine')?.state).toBe('running')
    expect(built.problems.length).toBeGreaterThan(0)
    settings.adopt(built)
    await write('jail.local', '')
    expect(await standingOf(settings, 'mine')).toBeUndefined()
  })

  it('lets a jail whose expressions are put aside keep its bans and hear nothing, until a reload', async () => {
    await write('jail.local', mine())
    await write('filter.d/mine.conf', FILTER)
    await write('a.log', '')
    const settings = make()
    const built = await settings.putAside('mine', await settings.load())
    expect(built.jails.find(({ name }) => name === 'mine')).toMatchObject({
      state: 'paused',
      sources: [`${folder}/a.log`],
    })
    expect(built.readings.find(({ jail }) => jail === 'mine')?.sources).toEqual([`${folder}/a.log`])
    expect(built.planned.engine.jails.find(({ jail }) => jail.definition.name === 'mine')?.sources).toEqual(
      [],
    )
    expect(built.planned.firewall.jails.map(({ name }) => name)).toContain('mine')
    expect(built.listening.files).not.toContain(`${folder}/a.log`)
    expect(await standingOf(settings, 'mine')).toMatchObject({ state: 'running' })
  })

  it('tries a jail again ten minutes after its expressions were put aside', async () => {
    await write('jail.local', mine())
    await write('filter.d/mine.conf', FILTER)
    await write('a.log', '')
    const clock = new ManualClock(Date.UTC(2026, 10, 20, 12))
    const settings = make(clock)
    const stateIn = (built: Built) => built.jails.find(({ name }) => name === 'mine')
    let built = await settings.putAside('mine', await settings.load())
    expect(stateIn(built)?.reason).toContain('tried again at 2026-11-20T12:10:00.000Z')
    clock.advance(599_000)
    const still = await settings.refresh(built)
    expect(keyOf(still)).toBe(keyOf(built))
    clock.advance(1_000)
    built = await settings.refresh(still)
    expect(stateIn(built)).toMatchObject({ state: 'running' })
    expect(stateIn(built)).not.toHaveProperty('reason')
    expect(keyOf(built)).not.toBe(keyOf(still))
    built = await settings.putAside('mine', built)
    expect(stateIn(built)?.reason).toContain('tried again at 2026-11-20T12:20:00.000Z')
  })

  it('leaves out a file that is too large, and tells', async () => {
    await write('jail.d/big.conf', '#'.repeat(1_100_000))
    expect((await make().load()).problems.join()).toMatch(/big\.conf: is larger/)
  })
})

describe('the wishes of the server', () => {
  it('are taken whole', async () => {
    await write('jail.local', mine('maxretry = 7'))
    await write('filter.d/mine.conf', FILTER)
    const settings = make()
    await settings.load()
    const offered = await settings.offer({
      revision: 3,
      jails: { mine: { maxretry: 2 }, elsewhere: { maxretry: 1 } },
    })
    if (!offered.ok) throw new Error(offered.reason)
    expect(offered.built.jails.find(({ name }) => name === 'mine')).toMatchObject({
      configured: { maxretry: 7 },
      effective: { maxretry: 2 },
    })
    expect(offered.built.wanted.revision).toBe(3)
  })

  it('are refused when a jail cannot be enabled here', async () => {
    await write('jail.local', '[sshd]\nbackend = systemd\nenabled = false\n')
    const settings = make()
    await settings.load()
    expect(await settings.offer({ revision: 3, jails: { sshd: { enabled: true } } })).toEqual({
      ok: false,
      reason: 'jail sshd cannot run here: it reads the journal, and there is no journal on this node',
    })
  })
})

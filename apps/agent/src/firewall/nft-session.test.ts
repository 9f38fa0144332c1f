import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@warder/daemon'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { NetworkNamespace, whyNoNft } from './netns.ts'
import { NftSession } from './nft-session.ts'

const trouble = whyNoNft()
const SET = 'inet t s'
const TABLE = `add table inet t\nadd set ${SET} { type ipv4_addr; flags timeout; }\n`
const create = (...ips: readonly string[]): string => `create element ${SET} { ${ips.join(', ')} }\n`
const many = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `198.18.${i >> 8}.${i & 255}`)

function makeRig() {
  const namespace = new NetworkNamespace()
  const command = ['ip', 'netns', 'exec', namespace.name, '/usr/sbin/nft'] as const
  const told = new Set<number>()
  const session = new NftSession({
    command,
    clock: systemClock,
    onProcess: (process) => void told.add(process),
  })
  return {
    namespace,
    session,
    /** Whom it said it gave scripts. */
    told,
    count: (): number =>
      namespace.run('nft', 'list', 'set', 'inet', 't', 's').match(/\d+\.\d+\.\d+\.\d+/g)?.length ?? 0,
    /** The processes of nft in the namespace. */
    pids: (): readonly number[] =>
      namespace
        .run('ip', 'netns', 'pids', namespace.name)
        .split('\n')
        .filter((pid) => pid !== '' && readName(pid) === 'nft')
        .map(Number),
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]()
      namespace[Symbol.dispose]()
    },
  }
}

function readName(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return ''
  }
}

describe.skipIf(trouble)(`a long-lived nft in a network namespace${trouble ? ` (${trouble})` : ''}`, () => {
  it.each([
    ['short', 3],
    ['long', 2_000],
  ])('carries out a %s script whole, with one process for all', async (_, count) => {
    await using rig = makeRig()
    await rig.session.run(TABLE)
    const before = rig.pids()
    await rig.session.run(create(...many(count)))
    expect(rig.count()).toBe(count)
    expect(rig.pids()).toEqual(before)
    expect(before.length).toBe(1)
  })

  it.each([
    ['short', 3],
    ['long', 2_000],
  ])('says what of a %s script was refused, carries out none of it, and goes on', async (_, count) => {
    await using rig = makeRig()
    await rig.session.run(TABLE)
    const [first = '', ...others] = many(count)
    await rig.session.run(create(first))
    await expect(rig.session.run(create(...others) + create(first))).rejects.toThrow('File exists')
    expect(rig.count()).toBe(1)
    await rig.session.run(create(...others))
    expect(rig.count()).toBe(count)
  })

  it('tells the outcomes of scripts apart that are asked for at once', async () => {
    await using rig = makeRig()
    await rig.session.run(TABLE)
    const outcomes = await Promise.allSettled(
      ['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.1'].map((ip) => rig.session.run(create(ip))),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected'])
  })

  it('carries out what comes when nft was killed, and while it rests', async () => {
    await using rig = makeRig()
    await rig.session.run(TABLE)
    for (const pid of rig.pids()) process.kill(pid, 'SIGKILL')
    await rig.session.run(create('192.0.2.1'))
    await rig.session.run(create('192.0.2.2'))
    expect(rig.count()).toBe(2)
  })

  it('makes its folder anew when somebody tidied it away, and does without one', async () => {
    await using rig = makeRig()
    const folder = mkdtempSync(join(tmpdir(), 'warder-session-'))
    vi.stubEnv('TMPDIR', folder)
    onTestFinished(() => {
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true, force: true })
    })
    await rig.session.run(TABLE)
    await rig.session.run(create(...many(500)))
    rmSync(join(folder, readdirSync(folder)[0] ?? ''), { recursive: true })
    await rig.session.run(create(...many(1_000).slice(500)))
    expect(readdirSync(folder).length).toBe(1)
    rmSync(folder, { recursive: true })
    await rig.session.run(create(...many(1_500).slice(1_000)))
    expect(rig.count()).toBe(1_500)
  })

  it('tells of each process that it gives scripts', async () => {
    await using rig = makeRig()
    await rig.session.run(TABLE)
    const [first = 0] = rig.pids()
    expect([...rig.told]).toEqual([first])
    process.kill(first, 'SIGKILL')
    await rig.session.run(create('192.0.2.1'))
    expect(rig.told.size).toBeGreaterThan(1)
  })

  it('leaves no process behind', async () => {
    const rig = makeRig()
    await rig.session.run(TABLE)
    await rig.session.run(create(...many(2_000)))
    await rig.session[Symbol.asyncDispose]()
    expect(rig.pids()).toEqual([])
    rig.namespace[Symbol.dispose]()
  })
})

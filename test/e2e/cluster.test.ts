import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTrouble } from '../lab/available.ts'
import { openCluster, type Cluster, type Member } from '../lab/cluster.ts'
import { until } from '../lab/command.ts'

const trouble = labTrouble(['/usr/sbin/nft', '/usr/bin/curl'])
/** How long a ban may take from the log of one node to the kernels of the others, the looking included. */
const SHARED_WITHIN_MS = 2_000

const off = ['sshd', 'proxmox', 'warder'].map((name) => `[${name}]\nenabled = false\n`).join('')
const jail = (name: string, policy: string): string =>
  `[${name}]\nenabled = true\nfilter = door\nbackend = polling\nlogpath = LOGS/${name}.log\nmaxretry = 3\nbantime = 10m\nport = 22\npolicy = ${policy}\n`
const COMMON = off + jail('own', 'local') + jail('all', 'cluster') + jail('two', 'after 2 nodes')

interface Banned {
  readonly bans: readonly {
    readonly ip: string
    readonly jail: string
    readonly until: number
    readonly origin: string
    readonly from?: { readonly nodes: readonly string[]; readonly jail: string }
    readonly ticket?: { readonly failures: number; readonly lines: readonly string[] }
  }[]
}

/** Three agents and one server, each with a network and a firewall of its own. */
describe.skipIf(trouble)(`a cluster${trouble ? ` (${trouble})` : ''}`, () => {
  let cluster: Cluster
  let one: Member
  let two: Member
  let three: Member

  beforeAll(async () => {
    // The third node does not run the jail `attic`, and never bans one address.
    const attic = jail('attic', 'after 1 node')
    cluster = await openCluster([
      COMMON + attic,
      COMMON + attic,
      `[DEFAULT]\nignoreip = 198.51.100.99\n${COMMON}`,
    ])
    const [a, b, c] = cluster.members
    if (!a || !b || !c) throw new Error('three nodes')
    ;[one, two, three] = [a, b, c]
    await until('the jails of all nodes', async () => {
      const { body } = await cluster.api('GET', '/api/v1/jails')
      return (
        (body as { jail: string; state: string }[]).filter(
          (each) => each.jail === 'all' && each.state === 'running',
        ).length === 3
      )
    })
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  const held = (members: readonly Member[], ip: string): Promise<boolean> =>
    Promise.all(members.map((member) => member.holds(ip))).then((found) => found.every(Boolean))
  const heldBy = async (ip: string): Promise<string> => {
    const found = await Promise.all([one, two, three].map((member) => member.holds(ip)))
    return found.map(Number).join('')
  }
  const inHistory = async (ip: string, kind: string, count = 1): Promise<unknown> =>
    until(`${kind} of ${ip}`, async () => {
      const { body } = await cluster.api('GET', `/api/v1/events?ip=${ip}&kind=${kind}`)
      return (body as { rows: unknown[] }).rows.length >= count
    })
  const banOn = async (member: Member, ip: string): Promise<Banned['bans'][number] | undefined> =>
    ((await member.cli('banned', ip)) as Banned).bans[0]

  it('enforces a ban of one node on all of them within two seconds, for the rest of its time, with its evidence', async () => {
    const ip = '198.51.100.1'
    const since = Date.now()
    await one.attack('all', ip, 3)
    await until('the ban on all nodes', () => held([one, two, three], ip))
    expect(Date.now() - since).toBeLessThan(SHARED_WITHIN_MS)
    const [first, shared] = [await banOn(one, ip), await banOn(three, ip)]
    expect(first).toMatchObject({ origin: 'detected', jail: 'all' })
    expect(shared).toMatchObject({
      origin: 'shared',
      jail: 'all',
      from: { nodes: ['pve1'], jail: 'all', policy: 'cluster' },
      ticket: { failures: 3 },
      until: first?.until,
    })
    expect(shared?.ticket?.lines).toContain(`bad login of root from ${ip}`)
  })

  it('keeps a ban of a local jail on its node', async () => {
    const ip = '198.51.100.2'
    await one.attack('own', ip, 3)
    await until('the ban', () => one.holds(ip))
    await inHistory(ip, 'ban.added')
    expect(await heldBy(ip)).toBe('100')
  })

  it('waits for the second node where two are asked for', async () => {
    const ip = '198.51.100.3'
    await one.attack('two', ip, 3)
    await until('the first ban', () => one.holds(ip))
    await inHistory(ip, 'ban.added')
    expect(await heldBy(ip)).toBe('100')
    await two.attack('two', ip, 3)
    await until('the ban on all nodes', () => held([one, two, three], ip))
    expect((await banOn(three, ip))?.from?.nodes).toEqual(['pve1', 'pve2'])
  })

  it('adds up failures on different nodes', async () => {
    const ip = '198.51.100.4'
    for (const member of [one, two, three]) {
      expect(await heldBy(ip)).toBe('000')
      await member.attack('all', ip, 1)
      await inHistory(ip, 'failure.found', [one, two, three].indexOf(member) + 1)
    }
    await until('the ban on all nodes', () => held([one, two, three], ip))
    expect((await banOn(one, ip))?.from?.nodes).toEqual(['pve1', 'pve2', 'pve3'])
  })

  it('does not count them in a jail that keeps to itself', async () => {
    const ip = '198.51.100.5'
    for (const member of [one, two, three]) await member.attack('own', ip, 1)
    await inHistory(ip, 'failure.found', 3)
    expect(await heldBy(ip)).toBe('000')
  })

  it('shuts all ports where the jail does not run, and refuses who is never banned there', async () => {
    const [ip, friend] = ['198.51.100.6', '198.51.100.99']
    await one.attack('attic', ip, 3)
    await one.attack('attic', friend, 3)
    await until('the ban on all nodes', () => held([one, two, three], ip))
    expect((await banOn(three, ip))?.jail).toBe('shared')
    await until('the other ban', () => held([one, two], friend))
    await inHistory(friend, 'ban.refused')
    expect(await heldBy(friend)).toBe('110')
  })

  it('lifts it everywhere, and on one node alone', async () => {
    const [all, here] = ['198.51.100.1', '198.51.100.4']
    await cluster.api('DELETE', `/api/v1/bans/${all}`)
    await until('the lift', async () => (await heldBy(all)) === '000')
    await two.cli('unban', here)
    expect(await heldBy(here)).toBe('101')
  })

  it('lets a node that was cut off catch up: what is over or lifted does not come back, what it banned is shared', async () => {
    const [missed, lifted, alone, late] = ['198.51.100.11', '198.51.100.12', '198.51.100.13', '198.51.100.14']
    await three.plug(false)
    await three.agent?.process.end('SIGKILL')
    await one.attack('all', missed, 3)
    await one.attack('all', lifted, 3)
    await until(
      'the bans on the others',
      async () => (await held([one, two], missed)) && held([one, two], lifted),
    )
    await cluster.api('DELETE', `/api/v1/bans/${lifted}`)
    await until('the lift', async () => (await heldBy(lifted)) === '000')
    // It bans by itself, with nobody to ask. One of the two is lifted everywhere before anybody hears of it.
    await three.start(cluster.server.url, cluster.pveDir)
    await three.attack('all', alone, 3)
    await three.attack('all', late, 3)
    await until('its own bans', async () => (await three.holds(alone)) && three.holds(late))
    await cluster.api('DELETE', `/api/v1/bans/${late}`)
    expect(await heldBy(alone)).toBe('001')
    await three.plug(true)
    await until('what it missed', () => three.holds(missed), 60_000)
    await until('what it banned alone', () => held([one, two, three], alone))
    await until('the lift that came before its news', async () => !(await three.holds(late)))
    await inHistory(late, 'ban.added')
    expect(await heldBy(late)).toBe('000')
    expect(await heldBy(lifted)).toBe('000')
    // What an operator lifted on one node did not come back there.
    expect(await heldBy('198.51.100.4')).toBe('101')
  })

  it('keeps a node that was cut off for a moment, without a new connection', async () => {
    const ip = '198.51.100.15'
    await two.plug(false)
    await one.attack('all', ip, 3)
    await until('the ban on the others', () => held([one, three], ip))
    expect(await two.holds(ip)).toBe(false)
    await two.plug(true)
    await until('the ban on the node that is back', () => two.holds(ip))
  })

  it('blocks nobody on a node in panic, notes what happens, and blocks again when told', async () => {
    const [known, fresh] = ['198.51.100.11', '198.51.100.21']
    await one.cli('panic', '--for', '10m', '--reason', 'locked out')
    expect(await heldBy(known)).toBe('011')
    await one.attack('all', fresh, 3)
    await until('the ban on the others', () => held([two, three], fresh))
    expect(await one.holds(fresh)).toBe(false)
    const status = (await one.cli('status')) as { status: { report: { suspended?: { reason: string } } } }
    expect(status.status.report.suspended?.reason).toBe('locked out')
    // A restart does not end it.
    await one.agent?.process.end()
    await one.start(cluster.server.url, cluster.pveDir)
    expect(await heldBy(known)).toBe('011')
    await one.cli('panic', '--end')
    expect(await held([one, two, three], known)).toBe(true)
    expect(await one.holds(fresh)).toBe(true)
  })

  it('resumes by itself when the time is over', async () => {
    await two.cli('panic', '--for', '2')
    expect(await two.holds('198.51.100.11')).toBe(false)
    await until('the end', () => two.holds('198.51.100.11'))
  })

  it('puts the whole cluster in panic by a file, without the server', async () => {
    const ip = '198.51.100.11'
    await three.plug(false)
    await one.warder('panic', '--cluster', '--for', '10m')
    await until('the panic', async () => (await heldBy(ip)) === '000')
    // Who ends it on one node is not overruled by the file.
    await two.cli('panic', '--end')
    expect(await two.holds(ip)).toBe(true)
    await rm(join(cluster.pveDir, 'warder', 'panic.json'))
    await until('the end', () => held([one, two, three], ip))
    await three.plug(true)
  })

  it('lets an operator do the same in the dashboard’s way', async () => {
    const ip = '198.51.100.11'
    const { body } = await cluster.api('POST', '/api/v1/panic', { seconds: 600, nodes: ['pve1'] })
    expect(body).toMatchObject({ nodes: [{ node: 'pve1', state: 'sent' }] })
    await until('the panic', async () => !(await one.holds(ip)))
    await until('the report', async () => {
      const node = (await cluster.api('GET', '/api/v1/nodes/pve1')).body as {
        suspended: { by: string } | null
      }
      return node.suspended !== null
    })
    await cluster.api('DELETE', '/api/v1/panic')
    await until('the end', () => held([one, two], ip))
  })
})

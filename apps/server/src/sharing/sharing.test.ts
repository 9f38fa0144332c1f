import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { banned, failure, LabNode, report } from '../lab/agent.ts'
import { startLab, type Lab } from '../lab/server.ts'

const MINUTE = 60_000
const IP = '203.0.113.9'
const WAIT = { timeout: 10_000 }

let lab: Lab
beforeEach(async () => {
  lab = await startLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

/** What a node says of who is never banned: one address that is its gateway. */
const neverOf = (target: string) => ({
  groups: [{ reason: 'gateway' as const, total: 1, targets: [{ target }] }],
  localNetworks: { filtered: true, networks: [] },
})

/** A node whose jail sshd runs under a policy. */
async function online(
  name: string,
  policy?: 'local' | 'cluster' | `after ${number} nodes`,
  node = new LabNode(name),
  more: { readonly ipv6prefix?: number; readonly never?: string; readonly ahead?: number } = {},
) {
  const { never, ahead = 0, ...jailMore } = more
  const { link } = await node.join(lab)
  await link.next('shared')
  const status = node.status(lab.clock.now() + ahead)
  const jails = status.jails.map((jail) => ({
    ...jail,
    ...jailMore,
    configured: { ...jail.configured, ...(policy === undefined ? {} : { policy }) },
  }))
  link.send({
    kind: 'status',
    status: { ...status, jails, ...(never === undefined ? {} : { never: neverOf(never) }) },
  })
  await expect
    .poll(async () => (await lab.as('GET', `${PATHS.jails}?node=${name}`)).body.length, WAIT)
    .toBe(1)
  return { node, link, told: () => link.next('shares') }
}

type Online = Awaited<ReturnType<typeof online>>
const ban = ({ node, link }: Online, ip = IP, at = lab.clock.now()) =>
  report(link, node.record(lab.clock.now(), banned(ip, at)))
const back = async ({ node }: Online) => {
  const { link } = await node.join(lab)
  const names = await link.next('shared')
  return { link, ids: names.ids }
}

describe('sharing over the link', () => {
  it('tells the others of the cluster, not the one that banned, nor other clusters', async () => {
    const [one, two] = [await online('pve1', 'cluster'), await online('pve2')]
    const foreign = new LabNode('far')
    foreign.cluster = 'elsewhere'
    const far = await online('far', 'cluster', foreign)
    await ban(one)
    const { shares } = await two.told()
    expect(shares).toMatchObject([
      {
        ip: IP,
        jail: 'sshd',
        until: lab.clock.now() + 10 * MINUTE,
        nodes: ['pve1'],
        policy: 'cluster',
        ticket: { failures: 5 },
      },
    ])
    expect((await back(one)).ids).toEqual(shares.map(({ id }) => id))
    expect((await back(far)).ids).toEqual([])
  })

  it('tells an older agent nothing that it does not know', async () => {
    const old = new LabNode('pve2')
    old.version = 2
    const { link } = await old.join(lab)
    const one = await online('pve1', 'cluster')
    await lab.as('PUT', PATHS.jailSettings('sshd'), { policy: 'cluster', maxretry: 4 })
    const { settings } = await link.next('settings')
    expect(settings.jails).toEqual({ sshd: { maxretry: 4 } })
    await ban(one)
    await lab.as('POST', PATHS.panic, { seconds: 60 })
    await lab.as('PUT', PATHS.jailSettings('sshd'), { maxretry: 5 })
    await link.next('settings')
    expect(link.received).toEqual([])
  })

  it('shares what is banned already when a policy is set', async () => {
    const [one, two] = [await online('pve1'), await online('pve2')]
    await ban(one)
    await lab.as('PUT', PATHS.jailSettings('sshd'), { policy: 'cluster' })
    expect((await two.told()).shares).toMatchObject([{ ip: IP, nodes: ['pve1'] }])
  })

  it('adds up failures of different nodes, also over a restart of the server', async () => {
    const [one, two] = [await online('pve1', 'cluster'), await online('pve2', 'cluster')]
    const fail = (where: Online, ...ago: readonly number[]) =>
      report(
        where.link,
        where.node.record(lab.clock.now(), ...ago.map((ms) => failure(IP, lab.clock.now() - ms))),
      )
    await fail(one, 4_000, 3_000)
    await fail(two, 2_000, 1_000)
    await lab.stop()
    lab = await startLab({ folder: lab.config.data_dir.replace(/\/data$/, ''), clock: lab.clock })
    const again = await one.node.join(lab)
    // Not `report`: what comes before the answer would be passed over.
    const last = one.node.record(lab.clock.now(), failure(IP, lab.clock.now()))
    again.link.send({ kind: 'events', events: last })
    const { shares } = await again.link.next('shares')
    expect(shares).toMatchObject([{ ip: IP, nodes: ['pve1', 'pve2'], ticket: { failures: 5 } }])
  })

  it('does not add up again after a restart of the server what led to a ban before', async () => {
    const [one, two] = [await online('pve1', 'cluster'), await online('pve2', 'cluster')]
    const now = lab.clock.now()
    const five = [5, 4, 3, 2, 1].map((ms) => failure(IP, now - ms))
    const short = banned(IP, now, { until: now + MINUTE })
    await report(one.link, one.node.record(now, ...five, short))
    lab.clock.advance(MINUTE)
    await report(one.link, one.node.record(lab.clock.now(), { kind: 'ban.expired', jail: 'sshd', ip: IP }))
    await lab.stop()
    lab = await startLab({ folder: lab.config.data_dir.replace(/\/data$/, ''), clock: lab.clock })
    const { link } = await two.node.join(lab)
    await report(link, two.node.record(lab.clock.now(), failure(IP, lab.clock.now())))
    expect((await back(one)).ids).toEqual([])
  })

  const SIX = [1, 2, 3, 4, 5].map((last) => `2001:db8:1:2::${last}`)
  it('adds up failures of one IPv6 prefix as the nodes count them, until it is lifted', async () => {
    const by64 = (name: string) => online(name, 'cluster', new LabNode(name), { ipv6prefix: 64 })
    const [one, two] = [await by64('pve1'), await by64('pve2')]
    const fail = (where: Online, ...ips: readonly string[]) =>
      report(where.link, where.node.record(lab.clock.now(), ...ips.map((ip) => failure(ip, lab.clock.now()))))
    await fail(one, ...SIX.slice(0, 4))
    lab.clock.advance(1)
    await lab.as('DELETE', PATHS.ban('2001:db8:1:2::99'))
    lab.clock.advance(1)
    await fail(two, ...SIX.slice(0, 2))
    await fail(one, ...SIX.slice(2, 4))
    expect((await back(two)).ids).toEqual([])
    const again = await two.node.join(lab)
    again.link.send({
      kind: 'events',
      events: two.node.record(lab.clock.now(), failure(SIX[4] ?? '', lab.clock.now())),
    })
    const { shares } = await again.link.next('shares')
    expect(shares).toMatchObject([{ ip: '2001:db8:1:2::/64', nodes: ['pve1', 'pve2'] }])
  })

  it('adds them up by address where a prefix holds somebody who is never banned', async () => {
    const by64 = (name: string) =>
      online(name, 'cluster', new LabNode(name), { ipv6prefix: 64, never: '2001:db8:1:2::fe' })
    const [one, two] = [await by64('pve1'), await by64('pve2')]
    for (const [index, where] of [one, two, one, two, one, two].entries()) {
      const ip = SIX[index % 5] ?? ''
      await report(where.link, where.node.record(lab.clock.now(), failure(ip, lab.clock.now())))
    }
    expect((await back(two)).ids).toEqual([])
  })

  it('lets a lift everywhere win over a ban that is reported later, and not over one that was made later', async () => {
    const [one, two] = [await online('pve1', 'cluster'), await online('pve2')]
    const madeAt = lab.clock.now()
    one.link.cut()
    lab.clock.advance(1_000)
    await lab.as('DELETE', PATHS.ban(IP))
    lab.clock.advance(1_000)
    const { link } = await one.node.join(lab)
    await report(link, one.node.record(lab.clock.now(), banned(IP, madeAt)))
    expect((await back(two)).ids).toEqual([])
    await report(link, one.node.record(lab.clock.now(), banned(IP, lab.clock.now())))
    expect((await back(two)).ids).toHaveLength(1)
  })

  it('ends a share by its name when it is lifted everywhere, and leaves it when one node is meant', async () => {
    const [one, two] = [await online('pve1', 'cluster'), await online('pve2')]
    await ban(one)
    const [share] = (await two.told()).shares
    await lab.as('DELETE', `${PATHS.ban(IP)}?node=pve2`)
    expect((await back(two)).ids).toEqual([share?.id])
    const { link } = await back(two)
    await lab.as('DELETE', PATHS.ban('203.0.113.0/24'))
    expect(await link.next('unshare')).toMatchObject({ ids: [share?.id], by: 'ada' })
    expect((await back(two)).ids).toEqual([])
  })

  it.each([
    ['ahead', 7],
    ['behind', -15],
  ])('shares a ban for what is left of it, whose node’s clock is %s', async (_, minutes) => {
    const ahead = minutes * MINUTE
    const one = await online('pve1', 'cluster', new LabNode('pve1'), { ahead })
    const two = await online('pve2')
    await ban(one, IP, lab.clock.now() + ahead)
    const { shares } = await two.told()
    expect(shares).toMatchObject([{ until: lab.clock.now() + 10 * MINUTE }])
  })

  it('weighs bans of all nodes by one clock', async () => {
    const behind = -15 * MINUTE
    const one = await online('pve1', 'after 2 nodes', new LabNode('pve1'), { ahead: behind })
    const [two, three] = [await online('pve2', 'after 2 nodes'), await online('pve3')]
    await ban(one, IP, lab.clock.now() + behind)
    lab.clock.advance(10 * MINUTE)
    await ban(two)
    const { shares } = await three.told()
    expect(shares).toMatchObject([{ nodes: ['pve1', 'pve2'], until: lab.clock.now() + 10 * MINUTE }])
    const other = '203.0.113.10'
    await ban(one, other, lab.clock.now() + behind)
    await lab.as('PUT', PATHS.jailSettings('sshd'), { policy: 'cluster' })
    expect((await three.told()).shares).toMatchObject([{ ip: other, until: lab.clock.now() + 10 * MINUTE }])
  })

  it('orders by the clock of the node: a lift means the bans of before it, and a ban is not stale', async () => {
    const ahead = 7 * MINUTE
    const one = await online('pve1', 'cluster', new LabNode('pve1'), { ahead })
    // Its report may have been on its way for a moment.
    const issuedAt = lab.clock.now() + ahead + 2_000
    await lab.as('DELETE', PATHS.ban(IP))
    expect((await one.link.next('order')).order).toMatchObject({ kind: 'lift', issuedAt })
    await lab.as('POST', PATHS.bans, { ip: IP })
    expect((await one.link.next('order')).order).toMatchObject({ expiresAt: issuedAt + 5 * MINUTE })
    const { link } = await one.node.join(lab)
    expect((await link.next('order')).order).toMatchObject({ kind: 'lift', issuedAt })
  })

  it('ends shares with an unban of many everywhere, and shares what is banned after it', async () => {
    const [one, two] = [await online('pve1', 'cluster'), await online('pve2')]
    await ban(one)
    const [share] = (await two.told()).shares
    const unban = { kind: 'lift', ips: [IP, '203.0.113.10'] }
    lab.clock.advance(1)
    await lab.as('POST', PATHS.bulkOrders, { ...unban, nodes: ['pve2'] })
    expect((await back(two)).ids).toEqual([share?.id])
    const { link } = await back(two)
    await lab.as('POST', PATHS.bulkOrders, unban)
    expect(await link.next('unshare')).toMatchObject({ ids: [share?.id], by: 'ada' })
    await ban(one, IP, lab.clock.now() - 1)
    expect((await back(two)).ids).toEqual([])
    lab.clock.advance(1)
    await ban(one)
    expect((await back(two)).ids).toHaveLength(1)
  })

  it('tells a node that comes back neither what is over nor what is lifted', async () => {
    const one = await online('pve1', 'cluster')
    await ban(one)
    const later = await online('pve2')
    expect((await back(later)).ids).toHaveLength(1)
    lab.clock.advance(10 * MINUTE)
    expect((await back(later)).ids).toEqual([])
  })

  it('keeps a panic for a node that is away, as long as it lasts', async () => {
    const one = await online('pve1')
    one.link.cut()
    await expect.poll(async () => (await lab.as('GET', PATHS.node('pve1'))).body.state, WAIT).toBe('offline')
    const { body } = await lab.as('POST', PATHS.panic, { seconds: 600, reason: 'locked out' })
    expect(body).toEqual({ until: lab.clock.now() + 10 * MINUTE, nodes: [{ node: 'pve1', state: 'kept' }] })
    const { link } = await one.node.join(lab)
    expect((await link.next('suspension')).wish).toMatchObject({
      until: body.until,
      by: 'ada',
      reason: 'locked out',
    })
    await lab.as('DELETE', `${PATHS.panic}?node=pve1`)
    expect((await link.next('suspension')).wish).toMatchObject({ until: null, by: 'ada' })
    const audit = (await lab.as('GET', PATHS.audit)).body.rows
    expect(audit.slice(0, 2)).toMatchObject([
      { action: 'firewall.resume', target: 'pve1' },
      { action: 'firewall.suspend', target: 'all nodes', after: { seconds: 600, reason: 'locked out' } },
    ])
  })

  it.each([
    ['POST', PATHS.panic, { seconds: 86_401 }, 400],
    ['POST', PATHS.panic, { nodes: ['nobody'] }, 404],
    ['DELETE', `${PATHS.panic}?node=nobody`, undefined, 404],
    ['PUT', PATHS.jailSettings('sshd'), { policy: 'after 0 nodes' }, 400],
    ['PUT', PATHS.jailSettings('sshd'), { policy: 'everywhere' }, 400],
  ])('refuses %s %s %j', async (method, path, body, status) => {
    expect((await lab.as(method, path, body)).status).toBe(status)
  })
})

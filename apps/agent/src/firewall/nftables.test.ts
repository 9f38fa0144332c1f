import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { systemClock } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { firewallConforms, PLAN } from './conformance.ts'
import { NetworkNamespace, whyNoNft } from './netns.ts'
import { NftablesFirewall } from './nftables.ts'

const trouble = whyNoNft()
/** Another release of nft may be tried: `WARDER_NFT=/path/to/nft`. One does not change what a newer one made. */
const NFT = process.env['WARDER_NFT'] ?? '/usr/sbin/nft'
const HOUR = 3_600_000

function makeRig(guests = false) {
  const namespace = new NetworkNamespace()
  const made = new AsyncDisposableStack()
  const make = () =>
    made.use(
      new NftablesFirewall({
        clock: systemClock,
        command: ['ip', 'netns', 'exec', namespace.name, NFT],
        reason: 'a test',
        guests,
      }),
    )
  return {
    namespace,
    firewall: make(),
    clock: systemClock,
    again: make,
    async [Symbol.asyncDispose]() {
      await made[Symbol.asyncDispose]()
      namespace[Symbol.dispose]()
    },
  }
}

/** Why tables of the family bridge cannot be tried here, or null: not every kernel has them. */
function whyNoBridge(): string | null {
  using namespace = new NetworkNamespace()
  try {
    namespace.run(
      NFT,
      'add table bridge warder; add chain bridge warder x { type filter hook prerouting priority 0; }',
    )
    return null
  } catch {
    return 'this kernel filters nothing on bridges'
  }
}

const add = (jail: string, ip: string) => ({
  kind: 'add' as const,
  jail,
  ip,
  until: systemClock.now() + HOUR,
})

describe.skipIf(trouble)(`nftables in a network namespace${trouble ? ` (${trouble})` : ''}`, () => {
  firewallConforms(async () => makeRig())

  it.each(['203.0.113.9', '2001:db8::9'])(
    'tries %s out in a set that drops nobody, and leaves nothing',
    async (ip) => {
      await using rig = makeRig()
      await rig.firewall.prepare(PLAN)
      await rig.firewall.apply([add('sshd', '203.0.113.1')])
      const ruleset = () => rig.namespace.run(NFT, 'list tables')
      const before = await ruleset()
      // What a doctor left that was killed is in nobody's way.
      await rig.namespace.run(NFT, 'add table inet warder_doctor')
      await rig.firewall.tryOut(ip)
      expect(await ruleset()).toBe(before)
      expect((await rig.firewall.list()).map((held) => held.ip)).toEqual(['203.0.113.1'])
    },
  )

  it('tries several addresses out that are asked for at once, each by itself', async () => {
    await using rig = makeRig()
    const asked = ['203.0.113.9', '2001:db8::9', '203.0.113.10', '203.0.113.11', '2001:db8::12']
    await Promise.all(asked.map((ip) => rig.firewall.tryOut(ip)))
    expect(await rig.namespace.run(NFT, 'list tables')).not.toContain('warder_doctor')
  })

  const bridged = trouble ?? whyNoBridge()
  describe.skipIf(bridged)(`with guests behind bridges protected${bridged ? ` (${bridged})` : ''}`, () =>
    firewallConforms(async () => makeRig(true)),
  )

  it('survives that someone flushes the whole ruleset', async () => {
    await using rig = makeRig()
    await rig.firewall.prepare(PLAN)
    await rig.firewall.apply([add('sshd', '192.0.2.1')])
    rig.namespace.run(NFT, 'flush', 'ruleset')
    expect(await rig.firewall.list()).toEqual([])
    await rig.firewall.apply([add('sshd', '192.0.2.1'), add('web', '198.51.100.0/24')])
    expect((await rig.firewall.list()).length).toBe(2)
  })

  it('does not call bans enforced when the rules are gone', async () => {
    await using rig = makeRig()
    await rig.firewall.prepare(PLAN)
    await rig.firewall.apply([add('sshd', '192.0.2.1')])
    rig.namespace.run(NFT, 'flush chain inet warder input')
    expect(await rig.firewall.list()).toEqual([])
    await rig.firewall.apply([add('sshd', '192.0.2.1')])
    expect((await rig.firewall.list()).length).toBe(1)
  })

  it('replaces a table that another release made in another form', async () => {
    await using rig = makeRig()
    rig.namespace.run(NFT, 'add table inet warder; add set inet warder v4-sshd { type inet_service; }')
    await rig.firewall.prepare(PLAN)
    await rig.firewall.apply([add('sshd', '192.0.2.1')])
    expect((await rig.firewall.list()).length).toBe(1)
  })

  it.each([
    ['puts our table to sleep', 'add table inet warder { flags dormant; }'],
    [
      'puts ports into a set of their own in our table',
      'add set inet warder theirs { type inet_service; }; add element inet warder theirs { 22, 80 }',
    ],
    [
      'has a chain of theirs called from a map in our table',
      'add chain inet warder theirs; add map inet warder to { type ipv4_addr : verdict; }; add element inet warder to { 198.51.100.1 : jump theirs }; add rule inet warder input ip saddr vmap @to',
    ],
    [
      'hooks our chain in elsewhere',
      'flush chain inet warder input; delete chain inet warder input; add chain inet warder input { type filter hook input priority 50; }',
    ],
  ])('notices that someone %s, and makes good', async (_, script) => {
    await using rig = makeRig()
    await rig.firewall.prepare(PLAN)
    await rig.firewall.apply([add('sshd', '192.0.2.2')])
    const rules = () => rig.namespace.run(NFT, '-s', '-t', 'list', 'table', 'inet', 'warder')
    const before = rules()
    rig.namespace.run(NFT, script)
    expect(await rig.firewall.list()).toEqual([])
    expect((await rig.firewall.check()).intact).toBe(false)
    await rig.firewall.prepare(PLAN)
    expect(rules()).toBe(before)
    await rig.firewall.apply([add('sshd', '192.0.2.2')])
    expect((await rig.firewall.list()).map(({ ip }) => ip)).toEqual(['192.0.2.2'])
  })

  it('is not kept from its own table by what others have', async () => {
    await using rig = makeRig()
    await rig.firewall.prepare(PLAN)
    await rig.firewall.apply([add('sshd', '192.0.2.2')])
    // nft 1.0.6 writes the flag of such a table as no JSON at all.
    rig.namespace.run(NFT, 'add table inet a { flags dormant; }; add table inet z { flags dormant; }')
    expect((await rig.firewall.check()).intact).toBe(true)
    await rig.firewall.prepare(PLAN)
    expect((await rig.firewall.list()).map(({ ip }) => ip)).toEqual(['192.0.2.2'])
  })

  it('sees and removes what someone else put into our sets', async () => {
    await using rig = makeRig()
    await rig.firewall.prepare(PLAN)
    rig.namespace.run(NFT, 'add element inet warder v4-sshd { 192.0.2.9 }')
    rig.namespace.run(
      NFT,
      'add element inet warder n4-sshd { 198.51.100.1-198.51.100.3, 203.0.113.5, 203.0.113.128/25 }; add element inet warder n6-sshd { 2001:db8:7::/64 }; add element inet warder m6-sshd { 2001:db8:8:: }',
    )
    const found = await rig.firewall.list()
    expect(found.length).toBe(6)
    await rig.firewall.apply(found.map(({ jail, ip }) => ({ kind: 'remove', jail, ip })))
    expect(await rig.firewall.list()).toEqual([])
  })

  it('leaves the tables of others alone', async () => {
    await using rig = makeRig()
    rig.namespace.run(NFT, 'add table inet other')
    await rig.firewall.prepare(PLAN)
    await rig.firewall.remove()
    expect(rig.namespace.run(NFT, 'list', 'tables').trim()).toBe('table inet other')
  })

  it('says in words what nft refused', async () => {
    const firewall = new NftablesFirewall({
      clock: systemClock,
      command: ['/usr/bin/false'],
      reason: 'a test',
    })
    await expect(firewall.prepare(PLAN)).rejects.toThrow('false refused (status 1)')
    const absent = new NftablesFirewall({ clock: systemClock, command: ['/nowhere/nft'], reason: 'a test' })
    await expect(absent.prepare(PLAN)).rejects.toThrow('nft cannot be run')
  })

  it('drops the traffic of a banned address on the ports of the jail, and no other', async () => {
    await using rig = makeRig()
    using outside = new NetworkNamespace()
    const inside = rig.namespace
    inside.ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1', 'netns', outside.name)
    for (const [namespace, device, ip, ip6] of [
      [inside, 'v0', '192.0.2.1/24', '2001:db8::1/64'],
      [outside, 'v1', '192.0.2.9/24', '2001:db8::9/64'],
    ] as const) {
      namespace.ip('addr', 'add', ip, 'dev', device)
      namespace.ip('addr', 'add', ip6, 'dev', device, 'nodad')
      namespace.ip('link', 'set', device, 'up')
    }
    await using server = await listen(inside, [2022, 8006])
    const reach = (host: string, port: number) => connects(outside, host, port)
    await rig.firewall.prepare({
      jails: [
        { name: 'sshd', ports: { protocol: 'tcp', ports: [2022] } },
        { name: 'manual', ports: { protocol: 'both', ports: 'all' } },
      ],
      never: ['203.0.113.1'],
    })
    expect(server.pid).toBeGreaterThan(0)
    const seen = async () =>
      Promise.all([reach('192.0.2.1', 2022), reach('192.0.2.1', 8006), reach('2001:db8::1', 2022)])
    expect(await seen()).toEqual([true, true, true])
    await rig.firewall.apply([add('sshd', '192.0.2.9')])
    expect(await seen()).toEqual([false, true, true])
    await rig.firewall.apply([add('manual', '192.0.2.0/24'), add('sshd', '2001:db8::/64')])
    expect(await seen()).toEqual([false, false, false])
    await rig.firewall.prepare({
      jails: [
        { name: 'sshd', ports: { protocol: 'tcp', ports: [2022] } },
        { name: 'manual', ports: { protocol: 'both', ports: 'all' } },
      ],
      never: ['192.0.2.9', '2001:db8::9'],
    })
    expect(await seen()).toEqual([true, true, true])
    await rig.firewall.prepare({ jails: [], never: [] })
    expect(await seen()).toEqual([true, true, true])
  })
})

/** A process inside that listens on TCP ports. */
async function listen(namespace: NetworkNamespace, ports: readonly number[]) {
  const script = `const net = require('node:net')
    let left = ${ports.length}
    for (const port of ${JSON.stringify(ports)})
      net.createServer((s) => s.end()).listen(port, '::', () => { if (--left === 0) console.log('ready') })`
  const child = spawn('ip', ['netns', 'exec', namespace.name, process.execPath, '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return {
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await once(child, 'close')
    },
  }
}

/** Whether a TCP connection comes about within a second. */
async function connects(namespace: NetworkNamespace, host: string, port: number): Promise<boolean> {
  const script = `const s = require('node:net').connect(${port}, '${host}', () => process.exit(0))
    s.on('error', () => process.exit(1)); setTimeout(() => process.exit(1), 1000)`
  const child = spawn('ip', ['netns', 'exec', namespace.name, process.execPath, '-e', script])
  const [status] = await once(child, 'close')
  return status === 0
}

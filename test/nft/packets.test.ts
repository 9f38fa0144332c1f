import { systemClock } from '../../packages/daemon/src/index.ts'
import { describe, expect, it } from 'vitest'
import type { FirewallPlan } from '../../apps/agent/src/firewall/firewall.ts'
import { NetworkNamespace } from '../../apps/agent/src/firewall/netns.ts'
import { BACKENDS, bridge, knock, listen, nftables, wire } from './rig.ts'

const PLAN: FirewallPlan = {
  jails: [
    { name: 'sshd', ports: { protocol: 'tcp', ports: [2022] } },
    { name: 'polite', ports: { protocol: 'tcp', ports: [2022] }, blocktype: 'reject' },
    { name: 'manual', ports: { protocol: 'both', ports: 'all' } },
    { name: 'all-polite', ports: { protocol: 'both', ports: 'all' }, blocktype: 'reject' },
    // More ports than one rule of iptables takes.
    { name: 'many', ports: { protocol: 'both', ports: [...Array(20).keys()].map((i) => 3_000 + 2 * i) } },
  ],
  never: ['203.0.113.1'],
}

const add = (jail: string, ip: string) => ({
  kind: 'add' as const,
  jail,
  ip,
  until: systemClock.now() + 3_600_000,
})
const remove = (jail: string, ip: string) => ({ kind: 'remove' as const, jail, ip })

describe.each(BACKENDS)('real packets and $name', ({ trouble, make }) => {
  it.skipIf(trouble)(`a jail takes its ports, others all, drop or reject${trouble ?? ''}`, async () => {
    using host = new NetworkNamespace()
    using client = new NetworkNamespace()
    wire(host, client)
    await using _ = await listen(host, [2022, 3038, 8006])
    const firewall = make(host)
    await firewall.prepare(PLAN)
    const seen = async () =>
      Promise.all([
        knock(client, '192.0.2.1', 2022),
        knock(client, '192.0.2.1', 8006),
        knock(client, '2001:db8::1', 2022),
        knock(client, '192.0.2.1', 3038),
      ])
    expect(await seen()).toEqual(['open', 'open', 'open', 'open'])
    await firewall.apply([add('sshd', '192.0.2.9'), add('many', '192.0.2.9')])
    expect(await seen()).toEqual(['nothing', 'open', 'open', 'nothing'])
    const { dropped } = await firewall.check()
    expect(dropped.get('sshd')).toBeGreaterThan(0)
    expect(dropped.get('manual')).toBe(0)
    await firewall.apply([
      remove('sshd', '192.0.2.9'),
      add('polite', '192.0.2.9'),
      add('polite', '2001:db8::/64'),
    ])
    expect(await seen()).toEqual(['refused', 'open', 'refused', 'nothing'])
    await firewall.apply([add('manual', '192.0.2.0/24')])
    expect(await seen()).toContain('nothing')
    expect((await seen())[1]).toBe('nothing')
    // Counters go on when the rules are written anew.
    await firewall.prepare(PLAN)
    expect((await firewall.check()).dropped.get('sshd')).toBeGreaterThanOrEqual(dropped.get('sshd') ?? 0)
    await firewall.apply([remove('manual', '192.0.2.0/24'), add('all-polite', '192.0.2.9')])
    expect((await seen())[1]).not.toBe('open')
    await firewall.prepare({ ...PLAN, never: ['192.0.2.9', '2001:db8::9'] })
    expect(await seen()).toEqual(['open', 'open', 'open', 'open'])
    await firewall[Symbol.asyncDispose]()
  })
})

describe('guests behind a bridge', () => {
  const { trouble } = nftables(true)
  it.skipIf(trouble).each([
    ['are not covered', false, 'open'],
    ['are covered with protect_guests', true, 'nothing'],
  ] as const)(`%s${trouble ?? ''}`, async (_, guests, expected) => {
    using host = new NetworkNamespace()
    using guest = new NetworkNamespace()
    using client = new NetworkNamespace()
    bridge(host, guest, client)
    await using _listening = await listen(guest, [2022])
    await using _too = await listen(host, [2022])
    const firewall = nftables(guests).make(host)
    await firewall.prepare(PLAN)
    const seen = () =>
      Promise.all([
        knock(client, '192.0.2.2', 2022),
        knock(client, '2001:db8::2', 2022),
        knock(client, '192.0.2.1', 2022),
      ])
    expect(await seen()).toEqual(['open', 'open', 'open'])
    await firewall.apply([add('manual', '192.0.2.9'), add('manual', '2001:db8::/64')])
    expect(await seen()).toEqual([expected, expected, 'nothing'])
    expect((await firewall.list()).map(({ partly }) => partly)).toEqual([undefined, undefined])
    // A jail of some ports is about services of the node.
    await firewall.apply([
      remove('manual', '192.0.2.9'),
      remove('manual', '2001:db8::/64'),
      add('sshd', '192.0.2.9'),
    ])
    expect(await seen()).toEqual(['open', 'open', 'nothing'])
    await firewall.apply([add('manual', '192.0.2.0/24')])
    await firewall.prepare({ ...PLAN, never: ['192.0.2.9', '192.0.2.2'] })
    expect(await seen()).toEqual(['open', 'open', 'open'])
    if (!guests) return
    // An element that is gone in one of the two tables makes the ban half a ban.
    host.run('nft', 'flush', 'set', 'bridge', 'warder', 'n4-manual')
    expect((await firewall.list()).filter(({ partly }) => partly).map(({ ip }) => ip)).toEqual([
      '192.0.2.0/24',
    ])
    // Without the option the table goes.
    await nftables(false).make(host).prepare(PLAN)
    expect(host.run('nft', 'list', 'tables')).not.toContain('bridge warder')
  })
})

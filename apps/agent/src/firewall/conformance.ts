import { expect, it } from 'vitest'
import type { Clock } from '@warder/daemon'
import type { Firewall, FirewallPlan } from './firewall.ts'

/** A firewall to try, and its clock. */
export interface FirewallRig extends AsyncDisposable {
  readonly firewall: Firewall
  readonly clock: Clock
  /** Another one over the same rules, as after a restart of the agent; null where a restart forgets them. */
  again(): Firewall | null
}

const HOUR = 3_600_000
export const PLAN: FirewallPlan = {
  jails: [
    { name: 'sshd', ports: { protocol: 'tcp', ports: [22] } },
    { name: 'web', ports: { protocol: 'both', ports: [80, [8000, 8100], 8050] } },
    { name: 'manual', ports: { protocol: 'both', ports: 'all' } },
    {
      name: 'a-jail-with-a-name-that-is-longer-than-a-kernel-likes.x',
      ports: { protocol: 'udp', ports: [53] },
    },
  ],
  never: ['127.0.0.0/8', '127.0.0.1', '::1', '10.0.0.0/8', '10.1.0.0/16', 'fe80::/10'],
}

/** The suite that every backend passes. */
export function firewallConforms(makeRig: () => Promise<FirewallRig>): void {
  const listed = async (firewall: Firewall) =>
    (await firewall.list()).map(({ jail, ip }) => `${jail} ${ip}`).toSorted()

  it('enforces what was added, of both families, addresses and subnets, until it is removed', async () => {
    await using rig = await makeRig()
    const { firewall, clock } = rig
    const until = clock.now() + HOUR
    await firewall.prepare(PLAN)
    const ips = ['192.0.2.1', '198.51.100.0/24', '2001:db8::1', '2001:db8:1::/48']
    await firewall.apply(ips.map((ip) => ({ kind: 'add', jail: 'sshd', ip, until })))
    await firewall.apply([{ kind: 'add', jail: 'manual', ip: '192.0.2.1', until: null }])
    expect(await listed(firewall)).toEqual(['manual 192.0.2.1', ...ips.map((ip) => `sshd ${ip}`)].toSorted())
    await firewall.apply([...ips, '192.0.2.77'].map((ip) => ({ kind: 'remove', jail: 'sshd', ip })))
    expect(await listed(firewall)).toEqual(['manual 192.0.2.1'])
  })

  it('knows the end of each ban, and that some have none', async () => {
    await using rig = await makeRig()
    const { firewall, clock } = rig
    const now = clock.now()
    const untils = [now + HOUR, now + 3_650 * 24 * HOUR, null]
    await firewall.prepare(PLAN)
    await firewall.apply(
      untils.map((until, i) => ({ kind: 'add', jail: 'sshd', ip: `192.0.2.${i + 1}`, until })),
    )
    const found = new Map((await firewall.list()).map(({ ip, until }) => [ip, until]))
    for (const [i, until] of untils.entries()) {
      const seen = found.get(`192.0.2.${i + 1}`)
      if (until === null) expect(seen).toBeNull()
      else {
        const end = Math.min(until, now + firewall.longestS * 1_000)
        expect(Math.abs((seen ?? 0) - end)).toBeLessThan(10_000)
      }
    }
  })

  it('sets the end anew when a ban is added again, and takes it away when it has no end', async () => {
    await using rig = await makeRig()
    const { firewall, clock } = rig
    const now = clock.now()
    await firewall.prepare(PLAN)
    for (const until of [now + HOUR, now + 24 * HOUR, null, now + 2 * HOUR]) {
      await firewall.apply(
        ['192.0.2.1', '198.51.100.0/24'].map((ip) => ({ kind: 'add', jail: 'sshd', ip, until })),
      )
      const found = await firewall.list()
      expect(found.length).toBe(2)
      for (const each of found) {
        if (until === null) expect(each.until).toBeNull()
        else expect(Math.abs((each.until ?? 0) - until)).toBeLessThan(10_000)
      }
    }
  })

  it('does not add what has ended, and takes out what is set to have', async () => {
    await using rig = await makeRig()
    const { firewall, clock } = rig
    await firewall.prepare(PLAN)
    await firewall.apply([{ kind: 'add', jail: 'sshd', ip: '192.0.2.1', until: clock.now() + HOUR }])
    await firewall.apply(
      ['192.0.2.1', '192.0.2.2'].map((ip) => ({ kind: 'add', jail: 'sshd', ip, until: clock.now() - 1 })),
    )
    expect(await listed(firewall)).toEqual([])
  })

  it('takes the last of several changes of one ban', async () => {
    await using rig = await makeRig()
    const { firewall, clock } = rig
    const until = clock.now() + HOUR
    await firewall.prepare(PLAN)
    await firewall.apply([
      { kind: 'add', jail: 'sshd', ip: '192.0.2.1', until },
      { kind: 'remove', jail: 'sshd', ip: '192.0.2.1' },
      { kind: 'remove', jail: 'sshd', ip: '192.0.2.2' },
      { kind: 'add', jail: 'sshd', ip: '192.0.2.2', until },
    ])
    expect(await listed(firewall)).toEqual(['sshd 192.0.2.2'])
  })

  it('takes a subnet and others inside it, and gives each its own end', async () => {
    await using rig = await makeRig()
    const { firewall, clock } = rig
    const until = clock.now() + HOUR
    await firewall.prepare(PLAN)
    const nested = [
      '198.51.100.128/25',
      '198.51.100.0/24',
      '198.51.100.0/28',
      '198.51.0.0/16',
      '198.51.100.7',
    ]
    for (const ip of nested) await firewall.apply([{ kind: 'add', jail: 'sshd', ip, until }])
    expect(await listed(firewall)).toEqual(nested.map((ip) => `sshd ${ip}`).toSorted())
    await firewall.apply([{ kind: 'remove', jail: 'sshd', ip: '198.51.0.0/16' }])
    expect(await listed(firewall)).toEqual(
      nested
        .filter((ip) => ip !== '198.51.0.0/16')
        .map((ip) => `sshd ${ip}`)
        .toSorted(),
    )
    await firewall.apply([
      { kind: 'remove', jail: 'sshd', ip: '198.51.100.0/24' },
      { kind: 'remove', jail: 'sshd', ip: '198.51.100.0/28' },
    ])
    expect(await listed(firewall)).toEqual(['sshd 198.51.100.128/25', 'sshd 198.51.100.7'])
  })

  it('keeps bans over a new plan, but not those of jails that are gone', async () => {
    await using rig = await makeRig()
    const { firewall, clock } = rig
    const until = clock.now() + HOUR
    await firewall.prepare(PLAN)
    await firewall.apply(PLAN.jails.map(({ name }) => ({ kind: 'add', jail: name, ip: '192.0.2.1', until })))
    const held = await firewall.prepare(PLAN)
    expect(held.map(({ jail }) => jail).toSorted()).toEqual(PLAN.jails.map(({ name }) => name).toSorted())
    expect((await firewall.list()).length).toBe(PLAN.jails.length)
    const jails = [{ name: 'sshd', ports: { protocol: 'tcp' as const, ports: [2222] } }]
    await firewall.prepare({ jails, never: [] })
    expect(await listed(firewall)).toEqual(['sshd 192.0.2.1'])
    await firewall.apply([{ kind: 'remove', jail: 'web', ip: '192.0.2.1' }])
  })

  it('refuses a ban of a jail it was not prepared for, and all that came with it', async () => {
    await using rig = await makeRig()
    const { firewall, clock } = rig
    await firewall.prepare(PLAN)
    const add = (jail: string) => ({ kind: 'add' as const, jail, ip: '192.0.2.1', until: clock.now() + HOUR })
    await expect(firewall.apply([add('sshd'), add('nowhere')])).rejects.toThrow('nowhere')
    expect(await listed(firewall)).toEqual([])
  })

  it('takes ten thousand bans at once', async () => {
    await using rig = await makeRig()
    const { firewall, clock } = rig
    const until = clock.now() + HOUR
    await firewall.prepare(PLAN)
    const ips = Array.from({ length: 10_000 }, (_, i) => `2001:db8::${(i + 1).toString(16)}`)
    await firewall.apply(ips.map((ip) => ({ kind: 'add', jail: 'sshd', ip, until })))
    expect((await firewall.list()).length).toBe(10_000)
    await firewall.apply(ips.map((ip) => ({ kind: 'remove', jail: 'sshd', ip })))
    expect(await firewall.list()).toEqual([])
  })

  it('takes ten thousand IPv6 prefixes of 64 bits one by one, inside of others and around addresses too', async () => {
    await using rig = await makeRig()
    const { firewall, clock } = rig
    const until = clock.now() + HOUR
    await firewall.prepare(PLAN)
    const ips = Array.from({ length: 10_000 }, (_, i) => `2001:db8:0:${(i + 1).toString(16)}::/64`)
    const others = ['2001:db8::/32', '2001:db8:0:1:8000::/80', '2001:db8:0:1::7']
    await firewall.apply([...ips, ...others].map((ip) => ({ kind: 'add', jail: 'sshd', ip, until })))
    expect((await firewall.list()).length).toBe(10_003)
    await firewall.apply([{ kind: 'add', jail: 'sshd', ip: ips[7] ?? '', until: until + HOUR }])
    await firewall.apply(ips.slice(10).map((ip) => ({ kind: 'remove', jail: 'sshd', ip })))
    const found = await firewall.list()
    expect(found.map(({ ip }) => ip).toSorted()).toEqual([...ips.slice(0, 10), ...others].toSorted())
    const prolonged = found.find(({ ip }) => ip === ips[7])
    expect(Math.abs((prolonged?.until ?? 0) - until - HOUR)).toBeLessThan(10_000)
  })

  it('takes everything down, and can be prepared again', async () => {
    await using rig = await makeRig()
    const { firewall, clock } = rig
    await firewall.remove()
    await firewall.prepare(PLAN)
    await firewall.apply([{ kind: 'add', jail: 'sshd', ip: '192.0.2.1', until: clock.now() + HOUR }])
    await firewall.remove()
    expect(await firewall.list()).toEqual([])
    await firewall.prepare(PLAN)
    expect(await firewall.list()).toEqual([])
  })

  it('still has the bans after a restart of the agent, and can change them', async () => {
    await using rig = await makeRig()
    const { firewall, clock } = rig
    const until = clock.now() + HOUR
    const ips = ['192.0.2.1', '198.51.100.0/24']
    await firewall.prepare(PLAN)
    await firewall.apply(ips.map((ip) => ({ kind: 'add', jail: 'sshd', ip, until })))
    await firewall[Symbol.asyncDispose]()
    const second = rig.again()
    if (!second) return
    await second.prepare(PLAN)
    expect(await listed(second)).toEqual(ips.map((ip) => `sshd ${ip}`))
    await second.apply([
      { kind: 'add', jail: 'sshd', ip: '198.51.100.0/28', until },
      { kind: 'remove', jail: 'sshd', ip: '198.51.100.0/24' },
      { kind: 'remove', jail: 'sshd', ip: '192.0.2.1' },
    ])
    expect(await listed(second)).toEqual(['sshd 198.51.100.0/28'])
    await second[Symbol.asyncDispose]()
  })
}

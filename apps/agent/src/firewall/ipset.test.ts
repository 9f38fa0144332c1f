import { systemClock } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { firewallConforms, PLAN } from './conformance.ts'
import { IpsetFirewall } from './ipset.ts'
import { NetworkNamespace, whyNoIpset } from './netns.ts'

const HOUR = 3_600_000

function makeRig(variant: string, most?: number) {
  const namespace = new NetworkNamespace()
  const make = () =>
    new IpsetFirewall({
      clock: systemClock,
      tools: {
        before: ['ip', 'netns', 'exec', namespace.name],
        ipset: '/usr/sbin/ipset',
        iptables: `/usr/sbin/iptables${variant}`,
        ip6tables: `/usr/sbin/ip6tables${variant}`,
      },
      reason: 'a test',
      ...(most === undefined ? {} : { most }),
    })
  return {
    namespace,
    firewall: make(),
    clock: systemClock,
    again: make,
    async [Symbol.asyncDispose]() {
      namespace[Symbol.dispose]()
    },
  }
}

const add = (jail: string, ip: string, ms = HOUR) => ({
  kind: 'add' as const,
  jail,
  ip,
  until: systemClock.now() + ms,
})

describe.each(['-legacy', '-nft'])('ipset with iptables%s in a network namespace', (variant) => {
  const trouble = whyNoIpset(variant)
  describe.skipIf(trouble)(trouble === null ? 'the real thing' : `skipped: ${trouble}`, () => {
    firewallConforms(async () => makeRig(variant))

    it('is called first of all, whatever others put in front of it', async () => {
      await using rig = makeRig(variant)
      await rig.firewall.prepare(PLAN)
      await rig.firewall.apply([add('sshd', '192.0.2.1')])
      rig.namespace.run(`iptables${variant}`, '-I', 'INPUT', '-j', 'ACCEPT')
      expect((await rig.firewall.check()).intact).toBe(false)
      await rig.firewall.prepare(PLAN)
      expect((await rig.firewall.check()).intact).toBe(true)
      const rules = rig.namespace.run(`iptables${variant}`, '-S', 'INPUT').split('\n')
      expect(rules.slice(1, 3)).toEqual(['-A INPUT -j WARDER-INPUT', '-A INPUT -j ACCEPT'])
      expect((await rig.firewall.list()).length).toBe(1)
    })

    it.each([
      ['-F WARDER-INPUT', ['-F', 'WARDER-INPUT']],
      ['-D INPUT', ['-D', 'INPUT', '-j', 'WARDER-INPUT']],
      ['a rule of theirs', ['-I', 'WARDER-INPUT', '-j', 'RETURN']],
    ])('notices %s and makes good', async (_, change) => {
      await using rig = makeRig(variant)
      await rig.firewall.prepare(PLAN)
      await rig.firewall.apply([add('sshd', '192.0.2.1')])
      expect((await rig.firewall.check()).intact).toBe(true)
      rig.namespace.run(`iptables${variant}`, ...change)
      expect((await rig.firewall.check()).intact).toBe(false)
      expect(await rig.firewall.list()).toEqual([])
      await rig.firewall.apply([add('web', '192.0.2.2')])
      expect((await rig.firewall.check()).intact).toBe(true)
      expect((await rig.firewall.list()).length).toBe(2)
    })

    it('puts back what there was when a part of the changes fails', async () => {
      await using rig = makeRig(variant, 4)
      await rig.firewall.prepare(PLAN)
      await rig.firewall.apply([add('sshd', '192.0.2.1'), add('sshd', '192.0.2.2')])
      const many = Array.from({ length: 200 }, (_, i) => add('sshd', `198.51.100.${i}`))
      const batch = [
        { kind: 'remove' as const, jail: 'sshd', ip: '192.0.2.2' },
        add('sshd', '192.0.2.1', 48 * HOUR),
        ...many,
      ]
      await expect(rig.firewall.apply(batch)).rejects.toThrow('ipset refused')
      const found = await rig.firewall.list()
      expect(found.map(({ ip }) => ip).toSorted()).toEqual(['192.0.2.1', '192.0.2.2'])
      expect(found.every(({ until }) => (until ?? 0) < systemClock.now() + 2 * HOUR)).toBe(true)
    })

    it('replaces a set that another release made in another form', async () => {
      await using rig = makeRig(variant)
      rig.namespace.run('ipset', 'create', 'warder-v4-sshd', 'hash:net')
      await rig.firewall.prepare(PLAN)
      await rig.firewall.apply([add('sshd', '192.0.2.1')])
      expect((await rig.firewall.list()).length).toBe(1)
    })

    it('leaves nobody in a set that it cannot destroy, since a rule of others names it', async () => {
      await using rig = makeRig(variant)
      await rig.firewall.prepare(PLAN)
      await rig.firewall.apply([add('sshd', '192.0.2.2'), add('web', '192.0.2.2')])
      const match = ['-m', 'set', '--match-set', 'warder-v4-sshd', 'src']
      rig.namespace.run(`iptables${variant}`, '-A', 'OUTPUT', ...match, '-j', 'DROP')
      await rig.firewall.prepare({ ...PLAN, jails: PLAN.jails.filter(({ name }) => name !== 'sshd') })
      expect((await rig.firewall.list()).map(({ jail }) => jail)).toEqual(['web'])
      expect(rig.namespace.run('ipset', 'save', 'warder-v4-sshd')).not.toContain('192.0.2.2')
      await rig.firewall.remove()
      expect(rig.namespace.run('ipset', 'list', '-n').trim()).toBe('warder-v4-sshd')
    })

    it('knows that somebody changed a set, and takes out what they put in', async () => {
      await using rig = makeRig(variant)
      await rig.firewall.prepare(PLAN)
      await rig.firewall.list()
      expect((await rig.firewall.check()).doubtful).toBe(false)
      rig.namespace.run('ipset', 'add', 'warder-v4-sshd', '192.0.2.9')
      rig.namespace.run('ipset', 'add', 'warder-n4-sshd', '198.51.100.7')
      expect((await rig.firewall.check()).doubtful).toBe(true)
      const found = await rig.firewall.list()
      expect(found.map(({ ip }) => ip).toSorted()).toEqual(['192.0.2.9', '198.51.100.7/32'])
      await rig.firewall.apply(found.map(({ jail, ip }) => ({ kind: 'remove', jail, ip })))
      expect(await rig.firewall.list()).toEqual([])
    })

    it('leaves the sets and rules of others alone', async () => {
      await using rig = makeRig(variant)
      rig.namespace.run('ipset', 'create', 'PVEFW-0-blacklist-v4', 'hash:net')
      rig.namespace.run(`iptables${variant}`, '-N', 'PVEFW-INPUT')
      rig.namespace.run(`iptables${variant}`, '-A', 'INPUT', '-j', 'PVEFW-INPUT')
      await rig.firewall.prepare(PLAN)
      await rig.firewall.remove()
      expect(rig.namespace.run('ipset', 'list', '-n').trim()).toBe('PVEFW-0-blacklist-v4')
      expect(rig.namespace.run(`iptables${variant}`, '-S', 'INPUT')).toContain('-A INPUT -j PVEFW-INPUT')
      expect(rig.namespace.run(`iptables${variant}`, '-S')).not.toContain('WARDER')
    })
  })
})

describe('without its tools', () => {
  it('says in words what cannot be run', async () => {
    const tools = { before: [], ipset: '/nowhere/ipset', iptables: '/nowhere/iptables', ip6tables: null }
    const firewall = new IpsetFirewall({ clock: systemClock, tools, reason: 'a test' })
    await expect(firewall.prepare(PLAN)).rejects.toThrow('ipset cannot be run')
  })
})

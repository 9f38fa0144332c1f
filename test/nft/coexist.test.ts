import { execFileSync } from 'node:child_process'
import { systemClock } from '../../packages/daemon/src/index.ts'
import { describe, expect, it } from 'vitest'
import { NetworkNamespace } from '../../apps/agent/src/firewall/netns.ts'
import { BACKENDS, knock, listen, wire } from './rig.ts'

const PLAN = {
  jails: [{ name: 'manual', ports: { protocol: 'both' as const, ports: 'all' as const } }],
  never: [],
}

/** What pve-firewall writes again and again: its own chains without flushing the rest, called from the end of INPUT. */
const PVE = `*filter
:PVEFW-INPUT - [0:0]
:PVEFW-FORWARD - [0:0]
:PVEFW-OUTPUT - [0:0]
:PVEFW-HOST-IN - [0:0]
-A PVEFW-INPUT -j PVEFW-HOST-IN
-A PVEFW-HOST-IN -i lo -j ACCEPT
-A PVEFW-HOST-IN -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A PVEFW-HOST-IN -p tcp -m tcp --dport 8006 -j ACCEPT
-A PVEFW-HOST-IN -p tcp -m tcp --dport 2022 -j DROP
COMMIT
`
/** The tables of proxmox-firewall: the host closed but for 8006, and one for guests. */
const PROXMOX = `add table inet proxmox-firewall
delete table inet proxmox-firewall
add table bridge proxmox-firewall-guests
delete table bridge proxmox-firewall-guests
table inet proxmox-firewall {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    meta l4proto icmpv6 accept
    tcp dport 8006 accept
  }
  chain output { type filter hook output priority filter; policy accept; }
}
table bridge proxmox-firewall-guests {
  chain prerouting { type filter hook prerouting priority filter; policy accept; }
}
`

function feed(namespace: NetworkNamespace, input: string, ...command: readonly string[]): void {
  execFileSync('ip', ['netns', 'exec', namespace.name, ...command], { input })
}

describe.each(BACKENDS)('beside the firewalls of Proxmox, $name', ({ trouble, make }) => {
  it.skipIf(trouble).each(['pve-firewall', 'proxmox-firewall'])(
    `does not touch %s, and is not touched${trouble ?? ''}`,
    async (which) => {
      using host = new NetworkNamespace()
      using client = new NetworkNamespace()
      wire(host, client)
      await using _ = await listen(host, [2022, 8006])
      let first = true
      const theirs = () => {
        if (which === 'proxmox-firewall') return feed(host, PROXMOX, 'nft', '-f', '-')
        feed(host, PVE, 'iptables-legacy-restore', '-n')
        if (first) host.run('iptables-legacy', '-A', 'INPUT', '-j', 'PVEFW-INPUT')
        first = false
      }
      const rules = () =>
        which === 'proxmox-firewall'
          ? host.run('nft', '-s', 'list', 'table', 'inet', 'proxmox-firewall')
          : host.run('iptables-legacy', '-S').replaceAll(/^.*WARDER.*\n/gm, '')
      const seen = () => Promise.all([knock(client, '192.0.2.1', 8006), knock(client, '192.0.2.1', 2022)])
      theirs()
      const before = rules()
      const firewall = make(host)
      await firewall.prepare(PLAN)
      expect(await seen()).toEqual(['open', 'nothing'])
      const until = systemClock.now() + 3_600_000
      await firewall.apply([{ kind: 'add', jail: 'manual', ip: '192.0.2.9', until }])
      expect(await seen()).toEqual(['nothing', 'nothing'])
      for (let round = 0; round < 3; round++) theirs()
      expect((await firewall.list()).length).toBe(1)
      expect((await firewall.check()).intact).toBe(true)
      expect(await seen()).toEqual(['nothing', 'nothing'])
      // Who is never banned is let by, and no further than they let him.
      await firewall.prepare({ ...PLAN, never: ['192.0.2.9'] })
      expect(await seen()).toEqual(['open', 'nothing'])
      await firewall.remove()
      expect(rules()).toBe(before)
    },
  )
})

import { execFileSync } from 'node:child_process'
import { isIP } from 'node:net'
import { parseTarget } from '../../../packages/core/src/index.ts'
import type { NetworkNamespace } from '../../../apps/agent/src/firewall/netns.ts'
import type { Fate, Packet } from './model.ts'
import { NFT } from './reading.ts'

const HERE = { 4: '192.0.2.1', 6: '2001:db8:ff::1' }
const BEYOND = { 4: '198.51.100.77', 6: '2001:db8:fe::77' }

/** Sends frames as they are: they may come from anybody. */
const SENDER = String.raw`
socket(my $out, 17, 3, 0) or die;
my $to = pack('SnIS CC a8', 17, 0x0800, shift, 0, 0, 6, '');
while (<STDIN>) { chomp; send($out, pack('H*', $_), 0, $to) or die "$!" }
`

/** What the node's own hooks are behind ours: note what comes so far, and what is answered. */
const PROBE = `add table inet probe
delete table inet probe
table inet probe {
  set input4 { typeof ip saddr . meta l4proto . th dport; flags dynamic; }
  set input6 { typeof ip6 saddr . meta l4proto . th dport; flags dynamic; }
  set forward4 { typeof ip saddr . meta l4proto . th dport; flags dynamic; }
  set forward6 { typeof ip6 saddr . meta l4proto . th dport; flags dynamic; }
  set reset4 { typeof ip daddr . th sport; flags dynamic; }
  set reset6 { typeof ip6 daddr . th sport; flags dynamic; }
  set told4 { typeof ip daddr; flags dynamic; }
  set told6 { typeof ip6 daddr; flags dynamic; }
  chain input {
    type filter hook input priority 100;
    meta l4proto { tcp, udp } update @input4 { ip saddr . meta l4proto . th dport } drop
    meta l4proto { tcp, udp } update @input6 { ip6 saddr . meta l4proto . th dport } drop
  }
  chain forward {
    type filter hook forward priority 100;
    meta l4proto { tcp, udp } update @forward4 { ip saddr . meta l4proto . th dport } drop
    meta l4proto { tcp, udp } update @forward6 { ip6 saddr . meta l4proto . th dport } drop
  }
  chain output {
    type filter hook output priority 100;
    tcp flags & rst == rst update @reset4 { ip daddr . th sport }
    tcp flags & rst == rst update @reset6 { ip6 daddr . th sport }
    icmp type destination-unreachable update @told4 { ip daddr }
    icmpv6 type destination-unreachable update @told6 { ip6 daddr }
  }
}
`

/** A node and a neighbour of it that can send as anybody. */
export function wireUp(host: NetworkNamespace, client: NetworkNamespace): void {
  host.ip(
    'link',
    'add',
    'v0',
    'address',
    '02:00:00:00:00:01',
    'type',
    'veth',
    'peer',
    'name',
    'v1',
    'netns',
    client.name,
  )
  client.ip('link', 'set', 'v1', 'address', '02:00:00:00:00:09', 'up')
  host.run(
    'sh',
    '-c',
    `cd /proc/sys/net; echo 0 > ipv4/conf/all/rp_filter; echo 0 > ipv4/conf/v0/rp_filter; echo 1 > ipv4/ip_forward
     echo 1 > ipv6/conf/all/forwarding; echo 0 > ipv4/conf/all/send_redirects; echo 0 > ipv4/conf/v0/send_redirects
     echo 0 > ipv4/icmp_ratelimit; echo 0 > ipv6/icmp/ratelimit; for each in ipv4/icmp_msgs_per_sec ipv4/icmp_msgs_burst; do echo 100000 > $each; done 2>/dev/null; true`,
  )
  host.ip('addr', 'add', `${HERE[4]}/24`, 'dev', 'v0')
  host.ip('addr', 'add', `${HERE[6]}/64`, 'dev', 'v0', 'nodad')
  host.ip('link', 'set', 'v0', 'up')
  host.ip('neigh', 'add', '192.0.2.9', 'lladdr', '02:00:00:00:00:09', 'dev', 'v0', 'nud', 'permanent')
  host.ip('neigh', 'add', '2001:db8:ff::9', 'lladdr', '02:00:00:00:00:09', 'dev', 'v0', 'nud', 'permanent')
  host.ip('route', 'add', 'default', 'via', '192.0.2.9')
  host.ip('-6', 'route', 'add', 'default', 'via', '2001:db8:ff::9')
}

/** Sends packets → what became of each. Of one sender only one packet of UDP can be told. */
export async function fatesOf(
  { host, client }: { host: NetworkNamespace; client: NetworkNamespace },
  packets: readonly Packet[],
): Promise<readonly Fate[]> {
  execFileSync('ip', ['netns', 'exec', host.name, NFT, '-f', '-'], { input: PROBE })
  const index = /^(\d+):/.exec(client.ip('-o', 'link', 'show', 'v1'))?.[1] ?? '0'
  const frames = packets.map((packet) => `${frameOf(packet).toString('hex')}\n`).join('')
  execFileSync('ip', ['netns', 'exec', client.name, 'perl', '-e', SENDER, index], { input: frames })
  let last = ''
  for (;;) {
    const text = host.run(NFT, '-j', 'list', 'table', 'inet', 'probe')
    // What is still under way shows at the next reading.
    if (text === last) return packets.map((packet) => fateIn(text, packet))
    last = text
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function fateIn(text: string, { from, protocol, port, hook }: Packet): Fate {
  const { nftables } = JSON.parse(text) as { nftables: { set?: { name: string; elem?: unknown[] } }[] }
  const version = isIP(from)
  const has = (name: string, ...words: readonly (string | number)[]) =>
    nftables.some(({ set }) => {
      if (set?.name !== `${name}${version}`) return false
      return (set.elem ?? []).some((each) => {
        const value = each as { concat?: (string | number)[] } | string
        const parts = typeof value === 'object' ? (value.concat ?? []) : [value]
        return parts.map((part) => parseTarget(String(part)) ?? String(part)).join(' ') === words.join(' ')
      })
    })
  if (has(hook, from, protocol, port)) return 'open'
  return (protocol === 'tcp' ? has('reset', from, port) : has('told', from)) ? 'reject' : 'drop'
}

/** A SYN or a datagram as a frame of Ethernet. */
function frameOf({ from, protocol, port, hook }: Packet): Buffer {
  const version = isIP(from) as 4 | 6
  const to = (hook === 'input' ? HERE : BEYOND)[version]
  const number = protocol === 'tcp' ? 6 : 17
  const body = Buffer.alloc(protocol === 'tcp' ? 20 : 8)
  body.writeUInt16BE(40_000, 0)
  body.writeUInt16BE(port, 2)
  if (protocol === 'tcp') {
    body.writeUInt32BE(1, 4)
    body.writeUInt16BE(0x50_02, 12)
    body.writeUInt16BE(1_024, 14)
  } else body.writeUInt16BE(8, 4)
  const [source, target] = [bytesOf(from), bytesOf(to)]
  const pseudo = Buffer.concat([source, target, Buffer.from([0, number, 0, body.length])])
  body.writeUInt16BE(sumOf(Buffer.concat([pseudo, body])), protocol === 'tcp' ? 16 : 6)
  const ethernet = Buffer.from(`020000000001020000000009${version === 4 ? '0800' : '86dd'}`, 'hex')
  if (version === 6) {
    const head = Buffer.from([0x60, 0, 0, 0, 0, body.length, number, 64])
    return Buffer.concat([ethernet, head, source, target, body])
  }
  const head = Buffer.concat([
    Buffer.from([0x45, 0, 0, 20 + body.length, 0, 1, 0, 0, 64, number, 0, 0]),
    source,
    target,
  ])
  head.writeUInt16BE(sumOf(head), 10)
  return Buffer.concat([ethernet, head, body])
}

function sumOf(bytes: Buffer): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at)
  while (sum > 0xff_ff) sum = (sum & 0xff_ff) + (sum >>> 16)
  return 0xff_ff - sum
}

function bytesOf(ip: string): Buffer {
  if (isIP(ip) === 4) return Buffer.from(ip.split('.').map(Number))
  const [front = '', back = ''] = ip.split('::')
  const words = (part: string) => (part === '' ? [] : part.split(':'))
  const gap = Array<string>(8 - words(front).length - words(back).length).fill('0')
  const all = ip.includes('::') ? [...words(front), ...gap, ...words(back)] : words(ip)
  return Buffer.from(all.map((word) => word.padStart(4, '0')).join(''), 'hex')
}

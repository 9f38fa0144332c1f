import type { BlockType, JailPorts, PortRange } from '@warder/core'
import { parsePorts, parseProtocol } from './ports.ts'
import { quote } from './problem.ts'
import { parseReference, splitReferences, type Reference } from './reference.ts'

/** What a jail's actions say about the traffic to block. */
export interface ActionReading {
  /** Null: no firewall action says anything; the jail's own port and protocol hold. */
  readonly ports: JailPorts | null
  /** What the last of them that says so does with packets; absent: none says anything, and our default holds. */
  readonly blocktype?: BlockType
  /** What is not carried out, in words. */
  readonly remarks: readonly string[]
  /** Why our firewall cannot stand in at all: an action that opens ports, for one. Null: it can. */
  readonly refusal: string | null
}

/** Names of fail2ban's actions that block an address in a firewall; for all of them our own firewall stands in. */
const FIREWALLS =
  /(?:^|[-_])(?:iptables|ip6tables|nftables|firewallcmd|firewall-cmd|ufw|shorewall|pf|ipfw|ipfilter|ipset|route|netsh)(?:[-_]|$)/

/** Those of them that block every port whatever the jail says. */
const ALL_PORTS = /-allports$|^(?:route|shorewall|ufw|ipfilter|netsh)(?:-|$)/

/** What an action does with packets when it is turned round to let found addresses in. */
const OPENS = /^(?:return|accept|allow)\b/i

/** What fail2ban's actions call dropping, and what they call answering that nobody is there. */
const DROPS = /^(?:drop|deny|blackhole)\b/i
const REJECTS = /^(?:reject|unreach|unreachable|prohibit)\b/i

/** A `blocktype` as jails and fail2ban's actions write it; null: it is neither dropping nor rejecting. */
export const parseBlockType = (text: string): BlockType | null =>
  DROPS.test(text.trim()) ? 'drop' : REJECTS.test(text.trim()) ? 'reject' : null

/**
 * Reads a jail's `action` for what it declares: bans are made by our own firewall, so a firewall action counts for its
 * ports and protocol, and every other action is remarked as not carried out. `has`: whether `action.d` has a file.
 */
export function readActions(text: string, has: (file: string) => boolean): ActionReading {
  const remarks: string[] = []
  let refusal: string | null = null
  let ports: JailPorts | null = null
  let blocktype: BlockType | null = null
  for (const written of splitReferences(text)) {
    const parsed = parseReference(written)
    if (!parsed.ok) {
      remarks.push(`an action cannot be read: ${parsed.reason}`)
    } else if (OPENS.test(parsed.reference.options.get('blocktype') ?? '')) {
      refusal = `action ${parsed.reference.name} opens ports for what it finds, and that is not supported`
    } else if (FIREWALLS.test(parsed.reference.name)) {
      const read = portsOf(parsed.reference)
      if (typeof read === 'string') remarks.push(`action ${parsed.reference.name}: ${read}`)
      else ports = ports === null ? read : joinPorts(ports, read)
      const said = parsed.reference.options.get('blocktype') ?? ''
      blocktype = parseBlockType(said) ?? blocktype
      if (said !== '' && parseBlockType(said) === null)
        remarks.push(
          `action ${parsed.reference.name}: blocktype ${quote(said)} is neither drop nor reject; packets are dropped`,
        )
    } else {
      remarks.push(
        `action ${quote(parsed.reference.name)} is not carried out (${kindOf(parsed.reference.name, has)}); bans themselves are made by Warder's own firewall`,
      )
    }
  }
  return { ports, ...(blocktype === null ? {} : { blocktype }), remarks, refusal }
}

function kindOf(name: string, has: (file: string) => boolean): string {
  if (name.endsWith('.py')) return 'it is a program in Python'
  return has(name) ? 'it runs shell commands' : `and there is no action.d/${name}.conf`
}

/** What a firewall action blocks, or why that cannot be told. */
function portsOf({ name, options }: Reference): JailPorts | string {
  if (ALL_PORTS.test(name) || options.get('type') === 'allports') return { protocol: 'both', ports: 'all' }
  const protocol = parseProtocol(options.get('protocol') ?? 'tcp')
  if (protocol === null) return `protocol ${quote(options.get('protocol') ?? '')} is neither tcp nor udp`
  const ports = parsePorts(options.get('port') ?? 'all')
  return ports.ok ? { protocol, ports: ports.ports } : ports.reason
}

/** What two actions block together. */
function joinPorts(one: JailPorts, other: JailPorts): JailPorts {
  const protocol = one.protocol === other.protocol ? one.protocol : 'both'
  if (one.ports === 'all' || other.ports === 'all') return { protocol, ports: 'all' }
  const key = (range: PortRange): string => String(range)
  return {
    protocol,
    ports: [...new Map([...one.ports, ...other.ports].map((range) => [key(range), range])).values()],
  }
}

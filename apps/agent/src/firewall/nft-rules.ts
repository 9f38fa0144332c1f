import type { JailPorts } from '@warder/core'
import type { FirewallJail, FirewallPlan } from './firewall.ts'
import {
  counterName,
  familiesOf,
  NEVER_SETS,
  SET_KINDS,
  setName,
  type Family,
  type SetKind,
} from './nft-names.ts'
import { mergeRanges } from './ports.ts'

/** Where each table hooks in. Ahead of others, and never accepting by itself; before a bridge tells hosts from guests. */
export const CHAINS: Readonly<Record<Family, Readonly<Record<string, string>>>> = {
  inet: {
    input: 'type filter hook input priority -10; policy accept;',
    forward: 'type filter hook forward priority -10; policy accept;',
  },
  bridge: { pre: 'type filter hook prerouting priority -300; policy accept;' },
}

/** A rule and the chain that it is at the end of. */
export interface ChainRule {
  readonly chain: string
  readonly rule: string
}

/** The jails whose bans a table has. */
export const jailsIn = (family: Family, { jails }: FirewallPlan): readonly FirewallJail[] =>
  jails.filter((jail) => familiesOf(jail, true).includes(family))

/** What of a packet is looked up in a set of each kind; of IPv6 prefixes of 64 bits the first half of its source. */
const SOURCES: Readonly<Record<SetKind, string>> = {
  v4: 'ip saddr',
  n4: 'ip saddr',
  v6: 'ip6 saddr',
  n6: 'ip6 saddr',
  m6: 'ip6 saddr & ffff:ffff:ffff:ffff::',
}

/** Accepts before drops. Only jails that block every port also block what is routed or bridged on to guests. */
export function rulesOf(family: Family, plan: FirewallPlan): readonly ChainRule[] {
  const accepts = Object.keys(CHAINS[family]).flatMap((chain) => [
    { chain, rule: `ip saddr @${NEVER_SETS[4]} accept` },
    { chain, rule: `ip6 saddr @${NEVER_SETS[6]} accept` },
  ])
  const drops = jailsIn(family, plan).flatMap((jail) => {
    const rules = SET_KINDS.flatMap((kind) => {
      const source = `${SOURCES[kind]} @${setName(kind, jail.name)}`
      const counted = `${source} counter name "${counterName(jail.name)}"`
      return family === 'bridge' ? [`${counted} drop`] : verdicts(jail, counted)
    })
    const chains = family === 'inet' && jail.ports.ports !== 'all' ? ['input'] : Object.keys(CHAINS[family])
    return rules.flatMap((rule) => chains.map((chain) => ({ chain, rule })))
  })
  return [...accepts, ...drops]
}

/** A bridge cannot answer everywhere, so there packets are dropped in any case. */
function verdicts({ ports, blocktype }: FirewallJail, counted: string): readonly string[] {
  if (blocktype !== 'reject') return [`${portMatch(ports)}${counted} drop`]
  const reset = { ...ports, protocol: 'tcp' as const }
  return [
    ...(ports.protocol === 'udp'
      ? []
      : [
          `${ports.ports === 'all' ? 'meta l4proto tcp ' : portMatch(reset)}${counted} reject with tcp reset`,
        ]),
    ...(ports.protocol === 'tcp' && ports.ports !== 'all'
      ? []
      : [`${portMatch({ ...ports, protocol: 'udp' })}${counted} reject`]),
  ]
}

function portMatch({ protocol, ports }: JailPorts): string {
  if (ports === 'all') return ''
  const list = mergeRanges(ports).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
  const set = `{ ${list.join(', ')} }`
  return protocol === 'both' ? `meta l4proto { tcp, udp } th dport ${set} ` : `${protocol} dport ${set} `
}

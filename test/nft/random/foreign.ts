import { setName as ipsetName } from '../../../apps/agent/src/firewall/ipset-names.ts'
import type { FirewallJail } from '../../../apps/agent/src/firewall/firewall.ts'
import { kindOf, setName } from '../../../apps/agent/src/firewall/nft-names.ts'

/** Whom somebody else has at. */
export interface Aim {
  readonly jail: FirewallJail
  readonly ip: string
  readonly family: 'inet' | 'bridge'
}

/** What others may do to our tables, each a script for nft. */
const NFT_EDITS: readonly ((aim: Aim) => string)[] = [
  ({ family, ...aim }) => `delete element ${family} warder ${nftElement(aim)}`,
  ({ family, ...aim }) => `add element ${family} warder ${nftElement(aim)}`,
  ({ family, ...aim }) => `add element ${family} warder ${nftElement(aim, ' timeout 10m')}`,
  ({ family, ...aim }) =>
    `delete element ${family} warder ${nftElement(aim)}; add element ${family} warder ${nftElement(aim, ' timeout 10m')}`,
  ({ family, jail, ip }) => `flush set ${family} warder ${setName(kindOf(ip), jail.name)}`,
  ({ family }) => `flush table ${family} warder`,
  ({ family }) => `flush chain ${family} warder ${family === 'inet' ? 'input' : 'pre'}`,
  ({ family }) => `delete table ${family} warder`,
  () => 'flush ruleset',
  ({ family }) => `insert rule ${family} warder ${family === 'inet' ? 'input' : 'pre'} accept`,
  ({ family }) =>
    `add rule ${family} warder ${family === 'inet' ? 'forward' : 'pre'} ip saddr 198.51.100.1 drop`,
  () => 'flush chain inet warder forward; delete chain inet warder forward',
  () =>
    'flush chain inet warder input; delete chain inet warder input; add chain inet warder input { type filter hook input priority 50; }',
  () => 'add chain inet warder input { policy drop; }',
  () => 'add table inet warder { flags dormant; }',
  ({ family }) =>
    `add set ${family} warder theirs { type inet_service; }; add element ${family} warder theirs { 22, 80 }`,
  ({ family }) =>
    `add set ${family} warder pairs { type ipv4_addr . inet_service; }; add element ${family} warder pairs { 198.51.100.1 . 22 }`,
  ({ family }) =>
    `add chain ${family} warder theirs; add map ${family} warder to { type ipv4_addr : verdict; }; add element ${family} warder to { 198.51.100.1 : jump theirs }`,
  ({ family, ip }) => `add element ${family} warder never-${ip.includes(':') ? 6 : 4} { ${ip} }`,
  ({ family }) => `flush set ${family} warder never-4; flush set ${family} warder never-6`,
  ({ family, jail, ip }) =>
    `flush table ${family} warder; delete set ${family} warder ${setName(kindOf(ip), jail.name)}; add set ${family} warder ${setName(kindOf(ip), jail.name)} { type inet_service; }; add element ${family} warder ${setName(kindOf(ip), jail.name)} { 22 }`,
  ({ jail }) =>
    `flush table inet warder; delete counter inet warder ${setName('v4', jail.name).replace('v4', 'c')}`,
  ({ jail }) =>
    `add element inet warder ${setName('n4', jail.name)} { 198.51.100.1-198.51.100.6, 198.51.100.9 timeout 1h }; add element inet warder ${setName('m6', jail.name)} { 2001:db8:0:1::7 }`,
  ({ jail }) => `add element inet warder ${setName('v4', jail.name)} { 198.51.100.9 comment "theirs" }`,
  () => 'add counter inet warder theirs; add quota inet warder much { over 1 mbytes }',
  () => 'add table inet other; add chain inet other input { type filter hook input priority 5; }',
]

function nftElement({ jail, ip }: Omit<Aim, 'family'>, more = ''): string {
  const kind = kindOf(ip)
  return `${setName(kind, jail.name)} { ${kind === 'm6' ? ip.slice(0, -3) : ip}${more} }`
}

/** What others may do to our sets and chains, each a line for a shell, for both versions; `$T` is the tool of one. */
const IPSET_EDITS: readonly ((aim: Aim) => string)[] = [
  (aim) => `ipset del ${ipsetElement(aim)}`,
  (aim) => `ipset add ${ipsetElement(aim)} -exist`,
  (aim) => `ipset add ${ipsetElement(aim)} timeout 600 -exist`,
  ({ jail, ip }) => `ipset flush ${setOf(jail, ip)}`,
  () => '$T -F',
  () => '$T -F WARDER-INPUT',
  () => '$T -D INPUT -j WARDER-INPUT',
  () => '$T -D FORWARD -j WARDER-FORWARD',
  () => '$T -I INPUT 1 -i lo -j ACCEPT',
  () => '$T -I INPUT 1 -j WARDER-INPUT',
  () => '$T -A INPUT -j WARDER-INPUT; $T -I INPUT 1 -j ACCEPT',
  () => '$T -F; $T -X',
  () => '$T -E WARDER-INPUT THEIRS',
  () => '$T -I WARDER-INPUT 1 -j ACCEPT',
  () => '$T -A WARDER-INPUT -s 198.51.100.1 -j DROP',
  ({ jail, ip }) => `$T -N OTHER; $T -A OTHER -m set --match-set ${setOf(jail, ip)} src -j DROP`,
  () => 'ipset flush warder-never4; ipset flush warder-never6',
  ({ ip }) => `ipset add warder-never${ip.includes(':') ? 6 : 4} ${ip}`,
  () => 'ipset create warder-theirs hash:ip,port; ipset add warder-theirs 198.51.100.1,22',
  () => 'ipset create theirs bitmap:port range 0-100; ipset add theirs 22',
  ({ jail, ip }) =>
    `$T -F; $T -X; ipset destroy ${setOf(jail, ip)}; ipset create ${setOf(jail, ip)} hash:mac`,
  () =>
    '$T -F; $T -X; ipset destroy warder-never4; ipset destroy warder-never6; ipset create warder-never6 hash:mac',
  () => 'nft flush ruleset',
]

const setOf = (jail: FirewallJail, ip: string): string =>
  ipsetName(`${ip.includes('/') ? 'n' : 'v'}${ip.includes(':') ? 6 : 4}`, jail.name)

const ipsetElement = ({ jail, ip }: Aim): string => `${setOf(jail, ip)} ${ip}`

/** What others may do to a backend. */
export const editsOf = (backend: string): readonly ((aim: Aim) => string)[] =>
  backend.startsWith('nftables') ? NFT_EDITS : IPSET_EDITS

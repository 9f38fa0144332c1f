import { isSubnet, parseTarget, type Ban, type EpochMs } from '../../../packages/core/src/index.ts'
import * as ipset from '../../../apps/agent/src/firewall/ipset-names.ts'
import type { FirewallPlan } from '../../../apps/agent/src/firewall/firewall.ts'
import type { NetworkNamespace } from '../../../apps/agent/src/firewall/netns.ts'
import * as nft from '../../../apps/agent/src/firewall/nft-names.ts'
import { outermostOf } from './model.ts'

/** Elements by set: how many seconds each has left; null: for ever. */
export type Sets = Map<string, Map<string, number | null>>

export const NFT = process.env['WARDER_NFT'] ?? '/usr/sbin/nft'

interface Elem {
  readonly val: unknown
  readonly expires?: number
}

/** What the kernel holds, read without any part of the agent. */
export function nftSets(namespace: NetworkNamespace, family: 'inet' | 'bridge'): Sets {
  const text = namespace.run(NFT, '-j', 'list', 'ruleset', family)
  const { nftables } = JSON.parse(text) as {
    nftables: { set?: { table: string; name: string; elem?: unknown[] } }[]
  }
  const sets: Sets = new Map()
  for (const { set } of nftables) {
    if (set?.table !== 'warder') continue
    const elements = new Map<string, number | null>()
    for (const each of set.elem ?? []) {
      const elem =
        typeof each === 'object' && each !== null && 'elem' in each ? (each.elem as Elem) : { val: each }
      elements.set(wordOf(elem.val), elem.expires ?? null)
    }
    sets.set(set.name, elements)
  }
  return sets
}

function wordOf(val: unknown): string {
  if (typeof val === 'string') return parseTarget(val) ?? val
  const { prefix } = val as { prefix?: { addr: string; len: number } }
  return prefix ? (parseTarget(`${prefix.addr}/${prefix.len}`) ?? prefix.addr) : JSON.stringify(val)
}

export function ipsetSets(namespace: NetworkNamespace): Sets {
  const sets: Sets = new Map()
  for (const line of namespace.run('ipset', 'save').split('\n')) {
    const [verb, name = '', ip = '', ...rest] = line.split(' ')
    if (verb === 'create' && name.startsWith('warder-')) sets.set(name, new Map())
    if (verb !== 'add') continue
    const seconds = Number(rest[rest.indexOf('timeout') + 1] ?? 0)
    sets.get(name)?.set(parseTarget(ip) ?? ip, rest.includes('timeout') && seconds > 0 ? seconds : null)
  }
  return sets
}

/** What the sets of nftables have to hold. */
export function nftExpected(
  family: 'inet' | 'bridge',
  { plan, wanted, now }: { plan: FirewallPlan; wanted: readonly Ban[]; now: EpochMs },
): Sets {
  const sets: Sets = new Map()
  for (const { name, ports } of plan.jails) {
    if (family === 'bridge' && ports.ports !== 'all') continue
    const own = wanted.filter(({ jail }) => jail === name)
    const wide = own.filter(({ ip }) => isSubnet(ip) && !(ip.includes(':') && ip.endsWith('/64')))
    const outer = outermostOf(wide.map(({ ip }) => ip))
    const of = (bans: readonly Ban[], wordFor = (ip: string) => ip) =>
      new Map(bans.map(({ ip, until }) => [wordFor(ip), secondsLeft(until, now)] as const))
    const six = ({ ip }: Ban) => ip.includes(':')
    sets.set(nft.setName('v4', name), of(own.filter((ban) => !isSubnet(ban.ip) && !six(ban))))
    sets.set(nft.setName('v6', name), of(own.filter((ban) => !isSubnet(ban.ip) && six(ban))))
    sets.set(nft.setName('n4', name), of(wide.filter((ban) => outer.includes(ban.ip) && !six(ban))))
    sets.set(nft.setName('n6', name), of(wide.filter((ban) => outer.includes(ban.ip) && six(ban))))
    sets.set(
      nft.setName('m6', name),
      of(
        own.filter((ban) => six(ban) && ban.ip.endsWith('/64')),
        (ip) => ip.slice(0, -3),
      ),
    )
  }
  return sets
}

export function ipsetExpected({
  plan,
  wanted,
  now,
}: {
  plan: FirewallPlan
  wanted: readonly Ban[]
  now: EpochMs
}): Sets {
  const sets: Sets = new Map()
  for (const { name } of plan.jails)
    for (const kind of ipset.SET_KINDS) sets.set(ipset.setName(kind, name), new Map())
  for (const { jail, ip, until } of wanted)
    sets.get(ipset.setName(ipset.kindOf(ip), jail))?.set(ip, secondsLeft(until, now))
  return sets
}

const secondsLeft = (until: EpochMs | null, now: EpochMs): number | null =>
  until === null ? null : (until - now) / 1_000

/** How sets differ, in words; nothing: they do not. What ends about now may be there or not. */
export function differences(seen: Sets, expected: Sets, longestS: number): readonly string[] {
  const told: string[] = []
  for (const [name, elements] of expected) {
    const found = seen.get(name)
    if (found === undefined) {
      told.push(`no set ${name}`)
      continue
    }
    for (const [ip, left] of elements) {
      if (left !== null && left < 2.5) continue
      const has = found.get(ip)
      if (has === undefined) told.push(`${name} lacks ${ip}`)
      else if (!isSameEnd(has, left, longestS)) told.push(`${name} has ${ip} for ${has} s, not ${left}`)
    }
    for (const [ip, left] of found)
      if (!elements.has(ip) && (left === null || left > 1.5)) told.push(`${name} has ${ip}, ${left} s`)
  }
  return told
}

/** One that is to last longer than the firewall counts was given all it could some time ago, or just now. */
function isSameEnd(has: number | null, left: number | null, longestS: number): boolean {
  if (has === null || left === null) return has === left
  return left > longestS ? has > longestS / 2 : Math.abs(has - left) <= 30
}

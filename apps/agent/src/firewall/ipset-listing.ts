import { parseTarget, type EpochMs } from '@warder/core'
import type { Enforced, FirewallPlan } from './firewall.ts'
import { CHAINS, HOOKS, isOurs, NEVER_SETS, SET_KINDS, setName, type Hook } from './ipset-names.ts'

/** An element of a set; `timeout` in seconds, null where the set has none or it is for ever. */
export interface SetElement {
  readonly ip: string
  readonly timeout: number | null
}

/** Our sets with their elements. */
export type SetListing = ReadonlyMap<string, readonly SetElement[]>

/** What `ipset save` prints → our sets. */
export function parseSets(text: string): SetListing {
  const sets = new Map<string, SetElement[]>()
  for (const line of text.split('\n')) {
    const [verb, name = '', ip = '', , seconds] = line.split(' ')
    if (!isOurs(name)) continue
    if (verb === 'create') sets.set(name, [])
    else if (verb === 'add') {
      const timeout = seconds === undefined || seconds === '0' ? null : Number(seconds)
      sets.get(name)?.push({ ip: parseTarget(ip) ?? ip, timeout })
    }
  }
  return sets
}

/** What `ipset list -t` prints → our sets, and how many elements each has, as one text to compare. */
export function sizesOf(text: string): string {
  const sets = text.split('\n\n').flatMap((block) => {
    const name = /^Name: (\S+)$/m.exec(block)?.[1]
    return name !== undefined && isOurs(name)
      ? [`${name} ${/^Number of entries: (\d+)$/m.exec(block)?.[1]}`]
      : []
  })
  return sets.toSorted().join('\n')
}

/** What is ours in iptables' filter table, of one family. */
export interface TableListing {
  /** Our chains, and how often each is called from where it hooks in. */
  readonly chains: ReadonlySet<string>
  readonly calls: Readonly<Record<Hook, number>>
  /** Our rules and whether they come first, as one text to compare. */
  readonly shape: string
  /** Blocked packets by set. */
  readonly packets: ReadonlyMap<string, number>
}

const OURS = new Set<string>(Object.values(CHAINS))

/** What `iptables-save -c -t filter` prints → what is ours in it. */
export function parseTable(text: string): TableListing {
  const lines = text.split('\n')
  const rules = lines.flatMap((line) => {
    const rule = /^\[(\d+):\d+\] (-A (\S+) .*)$/.exec(line)
    return rule ? [{ packets: Number(rule[1]), text: rule[2] ?? '', chain: rule[3] ?? '' }] : []
  })
  const calls = (hook: Hook) => rules.filter((rule) => rule.text === `-A ${hook} -j ${CHAINS[hook]}`).length
  const first = (hook: Hook) => rules.find(({ chain }) => chain === hook)?.text ?? ''
  const own = rules.filter(({ chain }) => OURS.has(chain))
  const packets = new Map<string, number>()
  for (const rule of own) {
    const set = /--match-set (\S+) src/.exec(rule.text)?.[1]
    if (set !== undefined) packets.set(set, (packets.get(set) ?? 0) + rule.packets)
  }
  const chains = lines.flatMap((line) => /^:(\S+) /.exec(line)?.[1] ?? []).filter((name) => OURS.has(name))
  const calledFirst = HOOKS.map((hook) => `${hook} ${calls(hook)} ${first(hook)}`)
  return {
    chains: new Set(chains),
    calls: { INPUT: calls('INPUT'), FORWARD: calls('FORWARD') },
    shape: [...calledFirst, ...own.map((rule) => rule.text)].join('\n'),
    packets,
  }
}

/** Whether our chains come first and have as many rules as a script adds. */
export function isInForce(listing: TableListing, script: string): boolean {
  const rules = script.split('\n').filter((line) => line.startsWith('-A ')).length
  const isFirst = HOOKS.every((hook) => listing.shape.includes(`${hook} 1 -A ${hook} -j ${CHAINS[hook]}`))
  return isFirst && listing.shape.split('\n').length === rules + HOOKS.length
}

/** The bans of a plan's jails in our sets. */
export function enforcedIn(sets: SetListing, { jails }: FirewallPlan, now: EpochMs): readonly Enforced[] {
  return jails.flatMap(({ name }) =>
    SET_KINDS.flatMap((kind) =>
      (sets.get(setName(kind, name)) ?? []).map(({ ip, timeout }): Enforced => ({
        jail: name,
        // An address that someone put among the subnets has to be named as one to be taken out there.
        ip: kind[0] === 'n' && !ip.includes('/') ? `${ip}/${ip.includes(':') ? 128 : 32}` : ip,
        until: timeout === null ? null : now + timeout * 1_000,
      })),
    ),
  )
}

/** Who is never banned by a listing, as one text to compare. */
export const neverIn = (sets: SetListing): string =>
  Object.values(NEVER_SETS)
    .flatMap((set) => (sets.get(set) ?? [{ ip: 'no set', timeout: null }]).map(({ ip }) => ip))
    .toSorted()
    .join(' ')

/** Blocked packets by jail, as the rules of one family count them. */
export function droppedIn({ packets }: TableListing, { jails }: FirewallPlan): ReadonlyMap<string, number> {
  return new Map(
    jails.map(({ name }) => [
      name,
      SET_KINDS.reduce((sum, kind) => sum + (packets.get(setName(kind, name)) ?? 0), 0),
    ]),
  )
}

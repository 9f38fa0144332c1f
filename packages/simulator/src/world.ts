import type { ServiceName } from './attempt.ts'
import { makeRandom, type Random } from './random.ts'

/** A machine under protection. */
export interface WorldNode {
  readonly name: string
  readonly cluster: string
  readonly address: string
  /** Debian 13 and newer: per-connection lines come from `sshd-session`. */
  readonly splitSshd: boolean
  readonly services: readonly ServiceName[]
}

/** Somebody who may log in. */
export interface Person {
  /** As sshd knows them. */
  readonly name: string
  /** As Proxmox knows them. */
  readonly account: string
  readonly address: string
  /** Probability of a wrong password. */
  readonly clumsiness: number
}

/** How an attacker goes about it. */
export type AttackerKind = 'brute-force' | 'slow' | 'spraying' | 'returning' | 'crowd'

/** Somebody who may not log in. */
export interface Attacker {
  readonly id: string
  readonly kind: AttackerKind
  /** One, or several that take turns. */
  readonly addresses: readonly string[]
  /** Runs (or, for the slow, attempts) a day. */
  readonly perDay: number
  readonly service: ServiceName
}

/** All that exists, before anything happens. */
export interface World {
  readonly seed: number
  readonly nodes: readonly WorldNode[]
  readonly people: readonly Person[]
  readonly attackers: readonly Attacker[]
  /** Addresses that belong to nobody yet, for scripts that bring a crowd. */
  readonly strangers: readonly string[]
}

/** Most nodes of a world: their addresses share 192.0.2.0/24 with the people. */
export const NODES_LIMIT = 50

const PEOPLE: readonly (readonly [name: string, account: string, clumsiness: number])[] = [
  ['anna', 'anna@pve', 0.06],
  ['ben', 'ben@pve', 0.12],
  ['chiara', 'root@pam', 0.04],
  ['deniz', 'deniz@pve', 0.25],
  ['backup', 'backup@pbs', 0],
  ['emil', 'emil@pam', 0.1],
]

/**
 * A world of `nodes` machines (1 to 50) in a cluster, with its people and attackers.
 * All addresses are from the ranges set aside for documentation. @throws RangeError
 */
export function makeWorld(options: { seed: number; nodes: number; cluster?: string }): World {
  const { seed, nodes, cluster = 'vault' } = options
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > NODES_LIMIT)
    throw new RangeError(`a world has 1 to ${NODES_LIMIT} nodes`)
  const random = makeRandom(seed, 'world')
  const foreign = shuffled(foreignAddresses(), random)
  return {
    seed,
    nodes: Array.from({ length: nodes }, (_, i) => ({
      name: `pve${i + 1}`,
      cluster,
      address: `192.0.2.${i + 1}`,
      // The last node of a larger cluster has not been upgraded yet, as happens.
      splitSshd: i !== nodes - 1 || nodes === 1,
      services: i === 0 ? ['sshd', 'proxmox', 'warder'] : ['sshd', 'proxmox'],
    })),
    people: PEOPLE.map(([name, account, clumsiness], i) => ({
      name,
      account,
      clumsiness,
      address: `192.0.2.${60 + i * 3}`,
    })),
    attackers: makeAttackers(random, foreign),
    strangers: foreign.slice(170),
  }
}

/** The first 170 foreign addresses get an owner here; networks of IPv6 are made as they are needed. */
function makeAttackers(random: Random, foreign: readonly string[]): readonly Attacker[] {
  let used = 0
  const take = (count: number): readonly string[] => foreign.slice(used, (used += count))
  const some = (kind: AttackerKind, count: number, make: (i: number) => Omit<Attacker, 'id' | 'kind'>) =>
    Array.from({ length: count }, (_, i): Attacker => ({ id: `${kind}-${i + 1}`, kind, ...make(i) }))
  const service = (): 'sshd' | 'proxmox' =>
    random.weighted([
      ['sshd', 3],
      ['proxmox', 1],
    ])
  return [
    // Few attackers are very busy and many are seldom seen, as in every real list of bans.
    ...some('brute-force', 70, (i) => ({
      addresses: take(1),
      perDay: 6.5 / (1 + i * 0.22),
      service: service(),
    })),
    ...some('brute-force', 18, (i) => ({
      addresses: v6Network(random, random.between(1, 4)),
      perDay: 3 / (1 + i * 0.2),
      service: service(),
    })).map((attacker) => ({ ...attacker, id: `${attacker.id}-v6` })),
    ...some('brute-force', 3, () => ({ addresses: take(1), perDay: 0.8, service: 'warder' })).map(
      (attacker) => ({
        ...attacker,
        id: `${attacker.id}-warder`,
      }),
    ),
    ...some('slow', 12, () => ({ addresses: take(1), perDay: random.between(8, 30), service: service() })),
    ...some('spraying', 10, () => ({
      addresses: take(random.between(1, 3)),
      perDay: 1.6,
      service: service(),
    })),
    ...some('returning', 12, () => ({
      addresses: take(1),
      perDay: random.pick([2, 3, 4, 6]),
      service: service(),
    })),
    ...some('crowd', 3, () => ({ addresses: take(14), perDay: 0.7, service: 'sshd' })),
  ]
}

/** Addresses of one host's /64, as a client with privacy extensions shows them. */
export function v6Network(random: Random, count: number): readonly string[] {
  const net = `2001:db8:${group(random)}:${group(random)}`
  return Array.from({ length: count }, () => inNetwork(net, random))
}

/** An address of its own network. */
export const v6Address = (random: Random): string =>
  inNetwork(`2001:db8:${group(random)}:${group(random)}`, random)

const group = (random: Random): string => random.between(1, 0xffff).toString(16)
const inNetwork = (net: string, random: Random): string =>
  [net, group(random), group(random), group(random), group(random)].join(':')

const range = (net: string, from: number): readonly string[] =>
  Array.from({ length: 255 - from }, (_, i) => `${net}.${from + i}`)

const foreignAddresses = (): readonly string[] => [
  ...range('198.51.100', 1),
  ...range('203.0.113', 1),
  ...range('192.0.2', 130),
]

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, rank: random.next() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}

import { LOOPBACK, parseTarget, type NeverBan, type NeverReason } from '@warder/core'
import type { Placed } from './listen.ts'

/** An address or subnet that a node knows, in any spelling. */
export interface Neighbour {
  readonly target: string
  /** What it was found by: an interface, a host name, the name of a node. */
  readonly of?: string
}

/** Whom a node knows around it. */
export interface Surroundings {
  readonly own: readonly Neighbour[]
  /** The nodes of the cluster, on all its rings. */
  readonly members: readonly Neighbour[]
  readonly gateways: readonly Neighbour[]
  /** The server, where one is configured. */
  readonly server: readonly Neighbour[]
  readonly proxies: readonly Neighbour[]
  /** The networks that the node is attached to. */
  readonly networks: readonly Neighbour[]
  /** The cluster's name, where it is in one. */
  readonly cluster: string | null
}

/** Nobody is around. */
export const ALONE: Surroundings = {
  own: [],
  members: [],
  gateways: [],
  server: [],
  proxies: [],
  networks: [],
  cluster: null,
}

/** Who is never banned for one reason, canonical and each once. */
export interface Protected {
  readonly reason: NeverReason
  readonly targets: readonly Neighbour[]
}

/** The networks that the node is attached to, and whether who is in them can be banned. */
export interface LocalNetworks {
  readonly filtered: boolean
  readonly networks: readonly Neighbour[]
}

/** Who is let alone for what the server or this node's command line says of single addresses. */
export interface Let {
  /** Canonical entries of allow lists that have not ended. */
  readonly allowlist?: readonly string[]
  /** Addresses of operators who are at the dashboard (canonical). */
  readonly operators?: readonly string[]
}

/** What is decided on. */
export interface Given extends Let {
  readonly around: Surroundings
  readonly placed: readonly Placed[]
  /** Whether networks that the node is attached to are filtered like all others: who is in them can be banned. */
  readonly filterLocal: boolean
  /** Host names of `ignoreip` with their addresses. */
  readonly names: ReadonlyMap<string, readonly string[]>
}

/** Who is never banned: for whoever asks why, for the engine, and for the firewall, which accepts them before it drops. */
export function neverBan({ around, placed, filterLocal, names, allowlist = [], operators = [] }: Given) {
  const reasons: readonly Protected[] = [
    { reason: 'loopback', targets: LOOPBACK.map(plain) },
    { reason: 'own-address', targets: around.own },
    { reason: 'cluster-member', targets: around.members },
    { reason: 'gateway', targets: around.gateways },
    { reason: 'server', targets: around.server },
    { reason: 'proxy', targets: around.proxies },
    { reason: 'allowlist', targets: allowlist.map(plain) },
    { reason: 'operator', targets: operators.map(plain) },
    { reason: 'ignoreip', targets: ignoredByAll(placed, names) },
    { reason: 'local-network', targets: filterLocal ? [] : around.networks },
  ]
  const groups = reasons
    .map(({ reason, targets }): Protected => ({ reason, targets: canonical(targets) }))
    .filter(({ targets }) => targets.length > 0)
  const engine: NeverBan = {
    groups: groups.map(({ reason, targets }) => ({ reason, targets: targets.map(({ target }) => target) })),
  }
  const firewall = [...new Set(engine.groups.flatMap(({ targets }) => targets))]
  return { groups, engine, firewall }
}

/** What every running jail ignores is the operator's default, so it holds for bans made by hand too. */
function ignoredByAll(
  placed: readonly Placed[],
  names: ReadonlyMap<string, readonly string[]>,
): readonly Neighbour[] {
  const lists = placed.flatMap(({ decision }) =>
    decision.state === 'running'
      ? [new Set(canonical(decision.jail.definition.ignoreip.map(plain)).map(({ target }) => target))]
      : [],
  )
  const called = new Map([...names].flatMap(([of, all]) => all.map((target) => [target, of] as const)))
  const [first, ...rest] = lists
  return [...(first ?? [])]
    .filter((target) => rest.every((list) => list.has(target)))
    .map((target) => ({ target, ...(called.has(target) ? { of: called.get(target) ?? '' } : {}) }))
}

const plain = (target: string): Neighbour => ({ target })

/** In their one spelling and in order, so that the same surroundings always look the same. */
export function canonical(neighbours: readonly Neighbour[]): readonly Neighbour[] {
  const found = new Map<string, Neighbour>()
  for (const { target: text, ...rest } of neighbours) {
    const target = parseTarget(text.replace(/%.*$/, ''))
    if (target !== null && !found.has(target)) found.set(target, { target, ...rest })
  }
  return [...found.values()].toSorted((one, other) => (one.target < other.target ? -1 : 1))
}

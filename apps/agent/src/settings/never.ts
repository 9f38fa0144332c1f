import { parseTarget, type NeverBan, type NeverGroup } from '@warder/core'
import type { Placed } from './listen.ts'

const LOOPBACK = ['127.0.0.0/8', '::1']
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10']

/** Whom a node knows around it. Addresses as they were found, in any spelling. */
export interface Surroundings {
  readonly own: readonly string[]
  /** The server, where one is configured. */
  readonly server: readonly string[]
  /** The nodes of the cluster. */
  readonly members: readonly string[]
  /** The cluster's name, where it is in one. */
  readonly cluster: string | null
}

/** Who is let alone for what the server or this node's command line says of single addresses. */
export interface Let {
  /** Canonical entries of allow lists that have not ended. */
  readonly allowlist?: readonly string[]
  /** Addresses of operators who are at the dashboard (canonical). */
  readonly operators?: readonly string[]
}

/** Who is never banned, for the engine (with reasons) and for the firewall (which accepts them before it drops). */
export function neverBan(
  around: Surroundings,
  placed: readonly Placed[],
  banPrivate: boolean,
  { allowlist = [], operators = [] }: Let = {},
) {
  const found: readonly NeverGroup[] = [
    { reason: 'own-address', targets: canonical(around.own) },
    { reason: 'cluster-member', targets: canonical(around.members) },
    { reason: 'server', targets: canonical(around.server) },
    { reason: 'private-network', targets: banPrivate ? [] : PRIVATE },
    { reason: 'allowlist', targets: allowlist },
    { reason: 'operator', targets: operators },
    { reason: 'ignoreip', targets: ignoredByAll(placed) },
  ]
  const engine: NeverBan = { groups: found.filter(({ targets }) => targets.length > 0) }
  const firewall = [...new Set([...LOOPBACK, ...engine.groups.flatMap(({ targets }) => targets)])]
  return { engine, firewall }
}

/** What every running jail ignores is the operator's default, so it holds for bans made by hand too. */
function ignoredByAll(placed: readonly Placed[]): readonly string[] {
  const lists = placed.flatMap(({ decision }) =>
    decision.state === 'running' ? [new Set(canonical(decision.jail.definition.ignoreip))] : [],
  )
  const [first, ...rest] = lists
  return [...(first ?? [])].filter((ip) => rest.every((list) => list.has(ip)))
}

const canonical = (texts: readonly string[]): readonly string[] => [
  ...new Set(
    texts.flatMap((text) => {
      const target = parseTarget(text.replace(/%.*$/, ''))
      return target === null ? [] : [target]
    }),
  ),
]

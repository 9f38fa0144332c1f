import { parseTarget, type NeverBan } from '@warder/core'
import type { Placed } from './listen.ts'

const LOOPBACK = ['127.0.0.0/8', '::1']
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10']

/** Whom a node knows around it. Addresses as they were found, in any spelling. */
export interface Surroundings {
  readonly own: readonly string[]
  /** The server and the other nodes of the cluster. */
  readonly friends: readonly string[]
  /** The cluster's name, where it is in one. */
  readonly cluster: string | null
}

/** Who is let alone for what the server or this node's command line says of single addresses. */
export type Let = Pick<NeverBan, 'allowlist' | 'operators'>

/** Who is never banned, for the engine (with reasons) and for the firewall (which accepts them before it drops). */
export function neverBan(
  around: Surroundings,
  placed: readonly Placed[],
  banPrivate: boolean,
  alone: Let = {},
) {
  const own = canonical(around.own)
  const ignoreip = [...new Set([...canonical(around.friends), ...ignoredByAll(placed)])]
  const engine: NeverBan = { own, privateNetworks: !banPrivate, ignoreip, ...alone }
  const { allowlist = [], operators = [] } = alone
  const privately = banPrivate ? [] : PRIVATE
  const firewall = [...new Set([...LOOPBACK, ...own, ...privately, ...ignoreip, ...allowlist, ...operators])]
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

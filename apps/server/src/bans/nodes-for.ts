import { MANUAL_JAIL } from '@warder/core'
import { AppError } from '@warder/protocol'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { NodeRow } from '../nodes/store.ts'

/** The nodes of a ban: those named, or all that have the jail. @throws AppError node.unknown, jail.unknown */
export function nodesFor(
  fleet: FleetNodes,
  names: readonly string[] | undefined,
  jail: string | undefined,
): readonly NodeRow[] {
  const nodes = names === undefined ? fleet.all() : [...new Set(names)].map((name) => fleet.known(name))
  if (jail === undefined || jail === MANUAL_JAIL) return nodes
  const having = nodes.filter((node) => fleet.hasJail(node.id, jail))
  const lacking = nodes.find((node) => !having.includes(node))
  if (having.length === 0 || (names !== undefined && lacking)) {
    throw new AppError(
      'jail.unknown',
      lacking ? `${lacking.name} has no jail "${jail}".` : `No node has a jail "${jail}".`,
    )
  }
  return having
}

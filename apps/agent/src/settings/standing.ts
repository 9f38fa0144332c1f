import { formatPorts } from '@warder/core'
import type { JailStatus } from '@warder/protocol'
import type { Placed } from './listen.ts'
import type { LocalKey } from './local.ts'

/** What a jail that counts bans reads, in words. */
const BANS = 'the bans of the other jails'

/** A jail's standing, without the figures that change with every line. */
export type JailStanding = Omit<JailStatus, 'activeBans' | 'lastMatchAt'>

/** `local`: what of it was changed by hand on this node. */
export const standingOf = (placed: Placed, local: readonly LocalKey[]): JailStanding =>
  local.length === 0 ? toStanding(placed) : { ...toStanding(placed), local: [...local] }

function toStanding({ decision, sources, isAside, idle }: Placed): JailStanding {
  const { name, state } = decision
  const told = decision.reason ?? idle
  const reason = told === undefined ? {} : { reason: told.slice(0, 1_000) }
  if (decision.state !== 'running') {
    const { filter, ports, configured, effective } = decision
    return { name, filter, state, ...reason, ports: ports.slice(0, 400), sources: [], configured, effective }
  }
  const { aggregate, backend, filter, ipv6prefix, ports, settings } = decision.jail.definition
  return {
    name,
    filter: filter.name.slice(0, 64),
    state: isAside ? 'paused' : idle === undefined ? state : 'disabled',
    ...reason,
    ports: formatPorts(ports).slice(0, 400),
    sources: backend === 'bans' ? [BANS] : [...sources].slice(0, 200),
    configured: decision.configured.settings,
    effective: settings,
    ...(ipv6prefix === undefined ? {} : { ipv6prefix }),
    ...(aggregate === undefined ? {} : { aggregate }),
  }
}

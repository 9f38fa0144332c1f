import type { World } from '../omnibox/places.ts'
import type { Dashboard } from '../state/dashboard.svelte.ts'

/** Whether nothing here is real: every node keeps its bans in memory, which only a demonstration does. */
export const isDemo = ({ fleet }: Dashboard): boolean =>
  import.meta.env.DEV ||
  (fleet.value.nodes.length > 0 && fleet.value.nodes.every((node) => node.firewall?.backend === 'memory'))

/** What the omnibox can find, as the dashboard knows it now. */
export function worldOf(dashboard: Dashboard): World {
  const { fleet, lists, session } = dashboard
  return {
    nodes: fleet.value.nodes,
    jails: [...new Set(fleet.value.jails.map(({ jail }) => jail))],
    lists: lists.value.lists.map(({ name }) => name),
    may: (scope) => session.may(scope),
    isDemo: isDemo(dashboard),
  }
}

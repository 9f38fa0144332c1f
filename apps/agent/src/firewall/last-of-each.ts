import type { FirewallChange } from './firewall.ts'

/** Of several changes of one jail and target the last one, jail by jail. */
export function lastOfEach(changes: readonly FirewallChange[]): readonly FirewallChange[] {
  const jails = new Map<string, Map<string, FirewallChange>>()
  for (const change of changes) {
    const last = jails.get(change.jail)
    if (last === undefined) jails.set(change.jail, new Map([[change.ip, change]]))
    else last.set(change.ip, change)
  }
  return [...jails.values()].flatMap((last) => [...last.values()])
}

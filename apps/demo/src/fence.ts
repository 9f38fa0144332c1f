import type { Enforced } from '@warder/agent'
import { TargetSet } from '@warder/core'
import type { ServiceName, WorldLine } from '@warder/simulator'

/** Jails that are named like a service close only its port; every other jail closes all. */
const SERVICES: readonly string[] = ['sshd', 'proxmox', 'warder'] satisfies readonly ServiceName[]

/**
 * What a firewall with these bans would do: true for a line that would never have been written, because
 * its sender could not have reached the service.
 */
export function makeFence(enforced: readonly Enforced[]): (line: WorldLine) => boolean {
  const closed = new Map<string, TargetSet>()
  for (const { jail, ip } of enforced) {
    const service = SERVICES.includes(jail) ? jail : 'all'
    const targets = closed.get(service) ?? new TargetSet()
    targets.add(ip)
    closed.set(service, targets)
  }
  return ({ from, service }) =>
    from !== null &&
    service !== null &&
    ((closed.get(service)?.has(from) ?? false) || (closed.get('all')?.has(from) ?? false))
}

import { contains, isSubnet, type Ban, type EpochMs } from '../../../packages/core/src/index.ts'
import type { FirewallChange, FirewallJail, FirewallPlan } from '../../../apps/agent/src/firewall/firewall.ts'

/** A packet, and where the node meets it. */
export interface Packet {
  readonly from: string
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
  readonly hook: 'input' | 'forward'
}

export type Fate = 'open' | 'drop' | 'reject'

/** What has to be in force: the plainest that can be said of it, to hold a firewall against. */
export class Model {
  plan: FirewallPlan = { jails: [], never: [] }
  readonly #bans = new Map<string, Map<string, EpochMs | null>>()

  prepare(plan: FirewallPlan): void {
    this.plan = plan
    const names = new Set(plan.jails.map(({ name }) => name))
    for (const name of this.#bans.keys()) if (!names.has(name)) this.#bans.delete(name)
    for (const name of names) if (!this.#bans.has(name)) this.#bans.set(name, new Map())
  }

  apply(changes: readonly FirewallChange[], now: EpochMs): void {
    for (const change of changes) {
      const bans = this.#bans.get(change.jail)
      bans?.delete(change.ip)
      if (change.kind === 'add' && (change.until === null || change.until > now))
        bans?.set(change.ip, change.until)
    }
  }

  /** Takes out what has ended → it. */
  end(now: EpochMs): readonly Ban[] {
    const ended = this.wanted().filter(({ until }) => until !== null && until <= now)
    for (const { jail, ip } of ended) this.#bans.get(jail)?.delete(ip)
    return ended
  }

  wanted(): readonly Ban[] {
    return [...this.#bans].flatMap(([jail, bans]) =>
      [...bans].map(([ip, until]): Ban => ({ jail, ip, at: 0, until, origin: 'operator' })),
    )
  }

  /** What may become of a packet: where several jails block it, what any of them does. */
  fates({ from, ...packet }: Packet): ReadonlySet<Fate> {
    if (this.plan.never.some((ip) => contains(ip, from))) return new Set(['open'])
    const blocking = this.plan.jails.filter(
      (jail) =>
        blocks(jail, packet) &&
        [...(this.#bans.get(jail.name)?.keys() ?? [])].some((ip) => contains(ip, from)),
    )
    return new Set(blocking.length === 0 ? ['open'] : blocking.map(({ blocktype }) => blocktype ?? 'drop'))
  }
}

function blocks({ ports: { protocol, ports } }: FirewallJail, packet: Omit<Packet, 'from'>): boolean {
  if (ports === 'all') return true
  if (packet.hook !== 'input' || (protocol !== 'both' && protocol !== packet.protocol)) return false
  return ports.some((port) =>
    typeof port === 'number' ? port === packet.port : port[0] <= packet.port && packet.port <= port[1],
  )
}

/** Those of a jail's subnets that no other one of them contains. */
export const outermostOf = (ips: readonly string[]): readonly string[] =>
  ips.filter((ip) => !ips.some((other) => other !== ip && isSubnet(other) && contains(other, ip)))

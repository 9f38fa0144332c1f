import type { EpochMs, FirewallReport } from '@warder/core'
import type { Clock } from '@warder/daemon'
import {
  FirewallError,
  type Enforced,
  type Firewall,
  type FirewallChange,
  type FirewallPlan,
  type Standing,
} from './firewall.ts'

/** Keeps bans in memory and enforces nothing: for demonstrations and tests. Bans end by the clock, as in a kernel. */
export class MemoryFirewall implements Firewall {
  readonly longestS = Number.MAX_SAFE_INTEGER
  readonly #clock: Clock
  readonly #jails = new Map<string, Map<string, EpochMs | null>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async prepare(plan: FirewallPlan): Promise<readonly Enforced[]> {
    const wanted = new Set(plan.jails.map((jail) => jail.name))
    for (const name of this.#jails.keys()) if (!wanted.has(name)) this.#jails.delete(name)
    for (const name of wanted) if (!this.#jails.has(name)) this.#jails.set(name, new Map())
    return this.list()
  }

  async apply(changes: readonly FirewallChange[]): Promise<void> {
    const unknown = changes.find((change) => change.kind === 'add' && !this.#jails.has(change.jail))
    if (unknown) throw new FirewallError(`the firewall has no place for the jail ${unknown.jail}`, false)
    for (const change of changes) {
      const bans = this.#jails.get(change.jail)
      if (change.kind === 'remove') bans?.delete(change.ip)
      else if (change.until === null || change.until > this.#clock.now()) bans?.set(change.ip, change.until)
      else bans?.delete(change.ip)
    }
  }

  async list(): Promise<readonly Enforced[]> {
    const now = this.#clock.now()
    const enforced: Enforced[] = []
    for (const [jail, bans] of this.#jails) {
      for (const [ip, until] of bans) {
        if (until !== null && until <= now) bans.delete(ip)
        else enforced.push({ jail, ip, until })
      }
    }
    return enforced
  }

  async check(): Promise<Standing> {
    return { intact: true, doubtful: true, dropped: new Map() }
  }

  watch(): void {}

  async remove(): Promise<void> {
    this.#jails.clear()
  }

  report(): FirewallReport {
    return { backend: 'memory', enforcing: false, reason: 'bans are kept in memory only, as configured' }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

import type { FirewallReport } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import type { Enforced, Firewall, FirewallChange, FirewallPlan, Standing } from './firewall.ts'
import { MemoryFirewall } from './memory.ts'

/** Says what it would do, and does nothing: for trying out, and where the firewall cannot be reached. */
export class DryRunFirewall implements Firewall {
  readonly longestS = Number.MAX_SAFE_INTEGER
  readonly #noted: MemoryFirewall
  readonly #log: Logger
  readonly #reason: string

  constructor(clock: Clock, log: Logger, reason: string) {
    this.#noted = new MemoryFirewall(clock)
    this.#log = log
    this.#reason = reason
  }

  prepare(plan: FirewallPlan): Promise<readonly Enforced[]> {
    return this.#noted.prepare(plan)
  }

  async apply(changes: readonly FirewallChange[]): Promise<void> {
    await this.#noted.apply(changes)
    for (const { kind, jail, ip } of changes)
      this.#log.info({ jail, ip }, kind === 'add' ? 'would ban' : 'would lift')
  }

  list(): Promise<readonly Enforced[]> {
    return this.#noted.list()
  }

  check(): Promise<Standing> {
    return this.#noted.check()
  }

  watch(): void {}

  remove(): Promise<void> {
    return this.#noted.remove()
  }

  report(): FirewallReport {
    return { backend: 'dry-run', enforcing: false, reason: this.#reason }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

import type { EpochMs, FirewallReport, JailPorts } from '@warder/core'

/** What the firewall must be ready for: the jails with their ports, and who is never dropped. */
export interface FirewallPlan {
  readonly jails: readonly { readonly name: string; readonly ports: JailPorts }[]
  /** Canonical addresses and subnets that are accepted before any drop. */
  readonly never: readonly string[]
}

/** One wish; `ip` is a canonical address or subnet. Adding what is there sets its end anew; removing what is not there is fine. */
export type FirewallChange =
  | { readonly kind: 'add'; readonly jail: string; readonly ip: string; readonly until: EpochMs | null }
  | { readonly kind: 'remove'; readonly jail: string; readonly ip: string }

/** A ban as it is in force. `until` may be off by a second: kernels count in their own time. */
export interface Enforced {
  readonly jail: string
  readonly ip: string
  readonly until: EpochMs | null
}

/** A failure of the firewall, with a sentence for the operator and whether trying again can help. */
export class FirewallError extends Error {
  readonly again: boolean

  constructor(message: string, again: boolean, options?: ErrorOptions) {
    super(message, options)
    this.again = again
  }
}

/** Enforces bans. Every backend passes the same suite (conformance.ts). */
export interface Firewall {
  /**
   * Makes room for a plan's jails. Bans of jails that stay are kept, those of jails that are gone end.
   * Idempotent. @throws FirewallError
   */
  prepare(plan: FirewallPlan): Promise<void>
  /** Carries out all changes or none of them. A ban of a jail that was not prepared is a mistake; lifting one is not. @throws FirewallError */
  apply(changes: readonly FirewallChange[]): Promise<void>
  /** What is in force now, asked of the one who enforces it. @throws FirewallError */
  list(): Promise<readonly Enforced[]>
  /** Takes down everything of ours. @throws FirewallError */
  remove(): Promise<void>
  /** Which backend this is, and why this one. */
  report(): FirewallReport
  /** Ends what the backend keeps open; bans stay in force. */
  [Symbol.asyncDispose](): Promise<void>
}

import type { BlockType, EpochMs, FirewallReport, JailPorts } from '@warder/core'

/** A jail as the firewall knows it. */
export interface FirewallJail {
  readonly name: string
  readonly ports: JailPorts
  /** What becomes of a banned address's packets; `drop` where absent. */
  readonly blocktype?: BlockType
}

/** What the firewall must be ready for: the jails with their ports, and who is never dropped. */
export interface FirewallPlan {
  readonly jails: readonly FirewallJail[]
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
  /** It is in force in a part of the places that it has to be in: for guests but not for the node, for one. */
  readonly partly?: true
}

/** How the firewall stands, without a list of bans. */
export interface Standing {
  /** False: rules or never-bans are not as they were prepared, so bans may not be in force whatever a list says. */
  readonly intact: boolean
  /** Whether bans may have been changed by somebody else since the last list. */
  readonly doubtful: boolean
  /** Packets of banned addresses that were blocked, by jail; they only grow while the agent runs. */
  readonly dropped: ReadonlyMap<string, number>
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
  /** The longest time-out that a ban can be given, in seconds. One that is to last longer is renewed in time. */
  readonly longestS: number
  /**
   * Makes room for a plan's jails. Bans of jails that stay are kept, those of jails that are gone end.
   * Idempotent. → what is in force then, as list() tells it. @throws FirewallError
   */
  prepare(plan: FirewallPlan): Promise<readonly Enforced[]>
  /** Carries out all changes or none of them. A ban of a jail that was not prepared is a mistake; lifting one is not. @throws FirewallError */
  apply(changes: readonly FirewallChange[]): Promise<void>
  /** What is in force now, asked of the one who enforces it. @throws FirewallError */
  list(): Promise<readonly Enforced[]>
  /** How it stands; cheap, however many bans are in force. @throws FirewallError */
  check(): Promise<Standing>
  /** From now on tells at once when somebody else may have changed something; backends that cannot know never do. */
  watch(onNews: () => void): void
  /** Puts an address into a set that drops nobody, looks whether it is there, and takes it away. @throws FirewallError */
  tryOut?(ip: string): Promise<void>
  /** Takes down everything of ours. @throws FirewallError */
  remove(): Promise<void>
  /** Which backend this is, and why this one. */
  report(): FirewallReport
  /** Ends what the backend keeps open; bans stay in force. */
  [Symbol.asyncDispose](): Promise<void>
}

import type { Ban } from '../ban/ban.ts'
import type { Offence } from '../ban/offences.ts'
import type { Failure } from '../failure/failure.ts'
import type { CompiledJail } from '../jail/compile.ts'
import type { NeverBan } from '../jail/never.ts'
import type { LogLine } from '../line/line.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { Look } from './look.ts'
import type { SharedBan } from './share.ts'
import type { Order } from './order.ts'
import type { Reply } from './inquiry.ts'
import type { Denied } from '../list/denied.ts'

/** What a node runs: its enabled jails, compiled, who is never banned, and whom deny lists name. */
export interface Plan {
  readonly jails: readonly PlannedJail[]
  readonly never: NeverBan
  readonly denied?: readonly Denied[]
}

/** A jail together with the sources it listens to (source ids, see LogLine). */
export interface PlannedJail {
  readonly jail: CompiledJail
  readonly sources: readonly string[]
  /** Those in which logins that went well are looked for; absent: the same. */
  readonly successSources?: readonly string[]
}

/** All that can come into the engine. */
export type Input =
  /** What runs from now on, whole. Counts and bans of jails that stay go on. */
  | { readonly kind: 'plan'; readonly plan: Plan }
  /**
   * What was known before a restart: the bans that had not ended, the failures that had not led to a ban yet, and who
   * was banned before, oldest first. It may come before or after the first plan.
   */
  | {
      readonly kind: 'restore'
      readonly bans: readonly Ban[]
      readonly failures: readonly Failure[]
      readonly offences?: readonly Offence[]
    }
  | { readonly kind: 'line'; readonly line: LogLine; readonly look?: Look | null }
  /** Lines of a source that hold none of the texts that its jails need; `last` are the last ones of them. */
  | {
      readonly kind: 'passed'
      readonly source: string
      readonly lines: number
      readonly last: string
      readonly readAt: EpochMs
    }
  | { readonly kind: 'order'; readonly order: Order }
  /** Bans of the cluster that this node is to enforce too. */
  | { readonly kind: 'share'; readonly bans: readonly SharedBan[] }
  /** Shares that are to be enforced no longer. */
  | {
      readonly kind: 'unshare'
      readonly shares: ReadonlySet<string>
      readonly by: string
      readonly reason?: string
    }
  /** What was found out about a failure that something was asked about. One without a reply never counts. */
  | { readonly kind: 'reply'; readonly failure: Failure; readonly reply: Reply }
  /** Time has passed. Due at the end of the next ban, and now and then, so that old failures are forgotten. */
  | { readonly kind: 'tick' }

import type { Ban } from '../ban/ban.ts'
import type { NeverReason } from '../jail/never.ts'
import type { JailSettings } from '../jail/settings.ts'
import type { EpochMs } from '../time/epoch.ts'

/** Why a match did not count, or a ban was not made. */
export type IgnoreReason =
  | NeverReason
  | 'not-an-address'
  /** A host name that nobody knows an address of. */
  | 'name-unknown'
  | 'ignorecommand'
  | 'jail-unknown'
  | 'jail-disabled'
  | 'order-expired'

/** A fact on a node, in the past tense. It is recorded after it is true. */
export type NodeEvent =
  | {
      readonly kind: 'agent.started'
      readonly agent: string
      readonly firewall: FirewallReport
    }
  | {
      readonly kind: 'failure.found'
      readonly jail: string
      readonly ip: string
      readonly failedAt: EpochMs
      readonly user?: string
      readonly line: string
    }
  | {
      readonly kind: 'failure.ignored'
      readonly jail: string
      readonly ip: string
      readonly reason: IgnoreReason
      readonly line: string
    }
  /** Logins that went well: so many of an address at a jail since they were told of last, the last of them at `succeededAt`. */
  | {
      readonly kind: 'success.found'
      readonly jail: string
      readonly ip: string
      readonly succeededAt: EpochMs
      readonly user?: string
      readonly count: number
    }
  | { readonly kind: 'ban.added'; readonly ban: Ban; readonly order?: string }
  | { readonly kind: 'ban.extended'; readonly ban: Ban; readonly order?: string }
  | {
      readonly kind: 'ban.lifted'
      readonly jail: string
      readonly ip: string
      readonly by: string
      readonly reason?: string
      readonly order?: string
    }
  | { readonly kind: 'ban.expired'; readonly jail: string; readonly ip: string }
  | {
      readonly kind: 'ban.refused'
      readonly jail: string
      readonly ip: string
      readonly reason: IgnoreReason
      readonly order?: string
      /** Where the ban was made, when it is one of the cluster's. */
      readonly from?: string
    }
  | { readonly kind: 'order.finished'; readonly order: string; readonly changed: number }
  | { readonly kind: 'jail.started'; readonly jail: string; readonly settings: JailSettings }
  | { readonly kind: 'jail.stopped'; readonly jail: string; readonly reason: string }
  /** A marked line was sent through a jail to prove it alive: it counted for nothing. `ip` is of the documentation ranges. */
  | { readonly kind: 'jail.tried'; readonly jail: string; readonly ip: string; readonly passed: boolean }
  | { readonly kind: 'source.lost'; readonly source: string; readonly reason: string }
  | { readonly kind: 'source.regained'; readonly source: string }
  | { readonly kind: 'firewall.failed'; readonly reason: string }
  | {
      readonly kind: 'firewall.drifted'
      readonly missing: number
      readonly foreign: number
      /** Rules or the list of who is never banned were not as they were written either. */
      readonly rules?: true
    }
  /** Nothing is enforced until a moment, or until someone ends it; detection goes on. */
  | {
      readonly kind: 'firewall.suspended'
      readonly until: EpochMs
      readonly by: string
      readonly reason?: string
    }
  | { readonly kind: 'firewall.resumed'; readonly by: string }
  | { readonly kind: 'settings.applied'; readonly revision: number }
  | { readonly kind: 'settings.refused'; readonly revision: number; readonly reason: string }
  /** Allow and deny lists are in force: how many entries, and how many of the denied are never banned. */
  | {
      readonly kind: 'lists.applied'
      readonly revision: number
      readonly allow: number
      readonly deny: number
      readonly refused: number
    }
  | { readonly kind: 'outbox.gapped'; readonly lost: number }

/** Which backend enforces bans on a node, and why that one. */
export interface FirewallReport {
  readonly backend: 'nftables' | 'ipset' | 'dry-run' | 'memory'
  /** False where bans are only noted, not enforced. */
  readonly enforcing: boolean
  /** One sentence for the operator. */
  readonly reason: string
}

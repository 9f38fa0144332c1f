import type { EpochMs } from '@warder/core'
import type { Role } from '@warder/protocol/api'
import type { KnownSession } from './presence.ts'

/** A session, found by the hash of what the cookie holds, of somebody who may sign in. */
export interface SessionRow {
  readonly hash: string
  readonly operatorId: number
  readonly operator: string
  readonly role: Role
  readonly usedAt: EpochMs
  readonly endsAt: EpochMs
}

/** A session as its owner sees it. */
export interface OwnSession {
  readonly id: string
  readonly hash: string
  readonly address: string
  /** What the browser calls itself: its text, not ours. */
  readonly agent: string
  readonly createdAt: EpochMs
  readonly usedAt: EpochMs
  readonly endsAt: EpochMs
}

export type NewSession = Omit<OwnSession, 'usedAt'> & { readonly operatorId: number }

/** Who is signed in, and in which browsers somebody was before. */
export interface SessionStore {
  open(session: NewSession): void
  byHash(hash: string): SessionRow | null
  /** Latest used first; some may be over. */
  ofOperator(id: number): OwnSession[]
  /** Those that were used since a moment, with where they were opened. */
  since(at: EpochMs): readonly KnownSession[]
  touch(hash: string, at: EpochMs): void
  close(hash: string): void
  /** Forgets sessions not used since one moment, or that had to end before another. */
  forget(usedBefore: EpochMs, endedAt: EpochMs): void
  /** Somebody signed in, in a browser. */
  knowDevice(hash: string, operatorId: number, at: EpochMs): void
  /** Whether somebody signed in in that browser, not before a moment. */
  knowsDevice(hash: string, operatorId: number, since: EpochMs): boolean
  forgetDevices(before: EpochMs): void
  forgetDevicesOf(operatorId: number): void
}

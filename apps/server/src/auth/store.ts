import type { EpochMs } from '@warder/core'
import type { Role } from '@warder/protocol/api'

/** Who says that it is them: this server by its own password, or Proxmox. */
export type Realm = 'proxmox' | null

export interface OperatorRow {
  readonly id: number
  readonly name: string
  /** The hash; empty as long as there is no password. */
  readonly password: string
  readonly role: Role
  readonly realm: Realm
  readonly disabledAt: EpochMs | null
  readonly createdAt: EpochMs
  readonly signedInAt: EpochMs | null
  /** Whether a second factor is asked for. */
  readonly hasFactor: 0 | 1
  readonly invitedUntil: EpochMs | null
}

export interface NewOperator {
  readonly name: string
  readonly password: string
  readonly role: Role
  readonly realm: Realm
  readonly at: EpochMs
}

/** The accounts of people. */
export interface OperatorStore {
  count(): number
  /** How many others than one can sign in here and do everything. */
  otherAdmins(than: number): number
  all(): OperatorRow[]
  byName(name: string): OperatorRow | null
  byId(id: number): OperatorRow | null
  /** Whose an invitation is, by its hash; that may have run out. */
  byInvitation(hash: string): OperatorRow | null
  add(operator: NewOperator): number
  /** A hash, or the empty text: none. An invitation is void then. */
  setPassword(id: number, password: string): void
  /** The same password, hashed anew: nothing else changes. */
  renewHash(id: number, hash: string): void
  setRole(id: number, role: Role): void
  setDisabled(id: number, at: EpochMs | null): void
  signedIn(id: number, at: EpochMs): void
  /** The earlier invitation is void. */
  invite(id: number, hash: string, expiresAt: EpochMs): void
  /** With sessions, devices and factors. Tokens have to be revoked before. */
  remove(id: number): void
}

import type { EpochMs } from '@warder/core'

/** An answer that is kept. */
export interface KeptAnswer {
  readonly status: number
  readonly type: string
  readonly etag: string | null
  readonly body: string
}

/** What is known of a key of somebody. */
export interface KeptCall {
  readonly at: EpochMs
  /** Of the method, the path and the body. */
  readonly fingerprint: string
  /** Null: it is still being worked on. */
  readonly answer: KeptAnswer | null
}

/** Calls with a key, and what they were answered. */
export interface KeyStore {
  get(actor: string, key: string): KeptCall | null
  begin(actor: string, key: string, call: Omit<KeptCall, 'answer'>): void
  finish(actor: string, key: string, answer: KeptAnswer): void
  drop(actor: string, key: string): void
  forget(before: EpochMs): void
}

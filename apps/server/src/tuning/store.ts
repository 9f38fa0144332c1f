import type { Tuning } from '@warder/core'
import type { RevisionView } from '@warder/protocol/api'
import type { Place } from '../http/cursor.ts'

/** One numbered whole of the fleet's tuning. */
export interface Revision {
  readonly revision: number
  readonly document: Tuning
  /** Within how many seconds a node must reach the server, else it goes back by itself; null: it does not. */
  readonly confirmWithin: number | null
}

/** A revision with who made it, when and why. */
export interface Told extends RevisionView {
  readonly document: Tuning
}

/** Revisions of the tuning; whole documents, only ever appended. */
export interface TuningStore {
  add(revision: RevisionView, document: Tuning): void
  newest(): Told | null
  /** One revision, whole. */
  byNumber(revision: number): Told | null
  /** Newest first, behind a place. */
  page(after: Place | null, limit: number): RevisionView[]
}

import type { EpochMs } from '../time/epoch.ts'

/** Figures of one jail of the plan, since it started. */
export interface JailFigures {
  readonly name: string
  readonly activeBans: number
  /** Addresses with failures that may still lead to a ban. */
  readonly tracked: number
  readonly matches: number
  readonly lastMatchAt: EpochMs | null
}

/** Figures of one source that lines came from, or that a jail listens to. */
export interface SourceFigures {
  readonly id: string
  readonly lines: number
  /** Lines in which a jail found a match. */
  readonly matches: number
  /** Matches that were older than the jail's findtime when they were read, and so did not count. */
  readonly stale: number
  readonly lastLineAt: EpochMs | null
  readonly lastMatchAt: EpochMs | null
}

/** What the engine can say about itself. */
export interface EngineView {
  readonly jails: readonly JailFigures[]
  readonly sources: readonly SourceFigures[]
  /** What deny lists come to: how many targets are shut out for them, and how many of theirs are never banned. */
  readonly lists: { readonly denied: number; readonly refused: number }
}

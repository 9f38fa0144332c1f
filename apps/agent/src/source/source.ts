import type { EpochMs, JournalMatch, LogLine, Needle } from '@warder/core'

/** Lines that were left out because they hold nothing that is needed. */
export interface Passed {
  /** How many. */
  readonly lines: number
  /** The text of the last of them, where nothing came after; else empty. */
  readonly last: string
  readonly readAt: EpochMs
}

/**
 * Lines in the order in which they were written. They are to be dealt with before the delivery is answered: their memory
 * is used again.
 */
export interface Lines extends Iterable<LogLine> {
  /**
   * Only lines that hold one of the texts, and hardly one without what is to be beside it. Absent: there is no quicker way
   * than to look at all.
   */
  having?(needles: readonly Needle[]): Selected
}

/** Some of the lines, and what was left out. */
export interface Selected {
  readonly count: number
  /** A line by its number, from 0 on; to be asked for in order. */
  line(index: number): LogLine | undefined
  readonly passed: Passed
}

/** Lines read together, and where the source stands once they are dealt with. */
export interface Batch {
  readonly lines: Lines
  /** Opaque to everyone but the source that made it; at most 4 KiB. */
  readonly cursor: string
  /** More is behind it and comes at once: the disk may wait for it. */
  readonly hasMore?: boolean
  /** Stops behind one of its lines: what takes long is dealt with in parts. Absent: it is dealt with whole. */
  readonly cut?: (last: LogLine) => Cut
}

/** The front of a batch, up to and with one of its lines. */
export interface Cut {
  /** How many lines it has. */
  readonly count: number
  /** Where the source stands once they are dealt with. */
  readonly cursor: string
  /** What is left, to be asked for once they are dealt with. */
  rest(): Batch
}

/**
 * Takes a batch. The source reads no further until the promise resolves (back-pressure); when it rejects, the
 * source stops and reports itself as lost: the lines are read again from the last saved cursor.
 */
export type Deliver = (batch: Batch) => Promise<void>

/** How a source fares: reading, waiting for something to appear, or lost until it is regained. */
export interface SourceReport {
  readonly state: 'reading' | 'waiting' | 'lost'
  /** Why it waits or is lost, in words. */
  readonly reason?: string
}

/** Where lines come from. Nothing is lost and nothing doubled between a cursor that was saved and the next start. */
export interface Source {
  /** `journal`, or the absolute path of the file: the `source` of its lines. */
  readonly id: string
  /**
   * Begins to read after `cursor`; null on the first start ever (each source says what it does then).
   * Resolves when reading is under way, which is not the same as something being there to read.
   */
  start(cursor: string | null, deliver: Deliver): Promise<void>
  status(): SourceReport
  /** Ends reading; a delivery under way is awaited. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Which lines are wanted of the end of a source. */
export interface Tail {
  /** `journal`, or the absolute path of a file that a jail reads: nobody else's. */
  readonly source: string
  /** Of the journal: entries that fit any of them. */
  readonly matches: readonly JournalMatch[]
  readonly limit: number
}

/** Makes the sources of an agent: files and the journal on a node, made-up ones in a demonstration. */
export interface SourceMaker {
  /** Null when the journal can be read here, else the reason why not. Decides for jails with `backend = auto`. */
  journalTrouble(): Promise<string | null>
  /** Absolute paths that a glob finds now. A path without wildcards is given back as it is, there or not. */
  find(glob: string): Promise<readonly string[]>
  /** Whether a file is there now. A maker without it takes all to be there. */
  isThere?(path: string): Promise<boolean>
  /** Whether the journal has an entry that fits; true where that cannot be told, and for a maker without it. */
  journalHas?(match: JournalMatch): Promise<boolean>
  /** The last lines of a source, oldest first, for somebody to look at. @throws when it cannot be read, in words */
  last(tail: Tail): Promise<readonly LogLine[]>
  /** The one reader of the journal, for entries that fit any of the matches. */
  journal(matches: readonly JournalMatch[]): Source
  /** `first` says where the very first start begins: files found later than the agent's start are read whole. */
  file(path: string, first: 'beginning' | 'end'): Source
}

import type { EpochMs } from '../time/epoch.ts'

/** Longest line that is looked at, in UTF-16 units; the rest is cut. Log text is written by attackers. */
export const LINE_LIMIT = 16_384

/** Beyond so many UTF-16 units every expression may take milliseconds for a line. */
const LONG = 2_000

/** Whether a line is so long. Its text may have to be made first, so it is not asked for in vain. */
export const isLong = (line: LogLine): boolean =>
  (line.ended === undefined ? line.text.length : line.ended.length - 1) > LONG

/** The source id of the systemd journal; a file's source id is its absolute path. */
export const JOURNAL = 'journal'

/** Trusted fields of a journal entry that jails may ask for in their journalmatch. */
export type JournalFields = Readonly<Record<string, string>>

/** A line of ASCII with a line feed behind it, and where its bytes are: they take less to get at than a text's characters. */
export interface AsciiLine {
  readonly ended: string
  readonly bytes: Uint8Array
  /** Where in the bytes it begins. */
  readonly start: number
}

/** One log line as read. In a line from the journal `text` is `HOST IDENTIFIER[PID]: MESSAGE` with line feeds as `\n`. */
export interface LogLine {
  readonly source: string
  readonly text: string
  readonly readAt: EpochMs
  /** When the entry was written, where the source knows (the journal); a file's line carries its date in the text. */
  readonly writtenAt?: EpochMs
  /**
   * True: the source follows the end of the log, so the line was written just now, and a date in it that is more
   * than a minute off is a wrong clock or zone and gives way to `readAt`. Absent: the line may be old (start,
   * catching up after an outage), and its date is believed.
   */
  readonly live?: boolean
  readonly fields?: JournalFields
  /** The text with a line feed behind it, where the source has it at hand: a text of its own that is no part of another. */
  readonly ended?: string
  /** True: its source gave it because it holds one of the texts that jails need. */
  readonly isPicked?: boolean
  /** True: known to be of ASCII only. */
  readonly isAscii?: boolean
  /** The same line of ASCII in bytes, where the source has them at hand; to be read only while the line is dealt with. */
  readonly ascii?: AsciiLine | null
  /**
   * Gives lines that stand right before this one and that nobody looked at, the last ones at least; to be asked only while
   * the line is dealt with. A line without a date belongs to the date of the one before.
   */
  before?(): string
}

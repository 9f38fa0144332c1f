/** Where the journal was read up to: journald's own cursor, and its time for the day the cursor is not understood any more. */
export interface JournalCursor {
  readonly cursor: string
  /** Microseconds since 1970, as journald writes it. */
  readonly realtime: string
}

export const formatJournalCursor = ({ cursor, realtime }: JournalCursor): string => `j1 ${realtime} ${cursor}`

/** A saved cursor → its parts; null when it was not made here, which counts as none at all. */
export function parseJournalCursor(text: string): JournalCursor | null {
  const found = /^j1 (\d{1,20}) (\S{1,1000})$/.exec(text)
  return found ? { realtime: found[1] ?? '', cursor: found[2] ?? '' } : null
}

import { LINE_LIMIT } from '@warder/core'

/** Most lines that are tried at once: the page shows each of them. */
export const MOST_LINES = 1_000

/** A line to try a filter on; `writtenAt`: where its source knows, in ms. */
export interface TriedLine {
  readonly text: string
  readonly writtenAt: number | null
}

/** Pasted text → its lines, those without a word in them left out. `cut`: there were more than are tried. */
export function linesOf(text: string): { readonly lines: readonly TriedLine[]; readonly cut: boolean } {
  const all = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const lines = all
    .slice(0, MOST_LINES)
    .map((line): TriedLine => ({ text: line.slice(0, LINE_LIMIT), writtenAt: null }))
  return { lines, cut: all.length > MOST_LINES }
}

import type { Piece, PieceKind } from '@warder/core'

/** A part of a line, and everything that it is a part of. */
export interface Chunk {
  readonly text: string
  readonly kinds: readonly PieceKind[]
}

/** A line cut wherever a piece begins or ends, in order; together the chunks are the line. */
export function chunksOf(text: string, pieces: readonly Piece[]): readonly Chunk[] {
  const inside = (place: number): number => Math.min(Math.max(place, 0), text.length)
  const cuts = [0, text.length, ...pieces.flatMap(({ from, to }) => [inside(from), inside(to)])]
  const places = [...new Set(cuts)].toSorted((one, other) => one - other)
  return places.slice(0, -1).map((from, at) => {
    const to = places[at + 1] ?? text.length
    return {
      text: text.slice(from, to),
      kinds: pieces.filter((piece) => piece.from <= from && piece.to >= to).map(({ kind }) => kind),
    }
  })
}

/** Characters that would not be seen, or would change the order of what is read. */
// oxlint-disable-next-line no-control-regex -- log text holds what attackers send
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** Text from a log for display: what is invisible or reorders text is shown as its code. */
export const shownText = (text: string): string =>
  text.replace(UNSEEN, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)

import { AppError } from '@warder/protocol'

/** Where a page ended: the moment and the number of its last row. Rows are sorted by both, newest first. */
export interface Place {
  readonly at: number
  readonly id: number
}

/** A place → opaque text for a URL. */
export const toCursor = ({ at, id }: Place): string => Buffer.from(`${at}.${id}`).toString('base64url')

/** A cursor → its place, null without one. @throws AppError cursor.invalid */
export function fromCursor(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null
  const found = /^(\d{1,16})\.(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  if (!found) throw new AppError('cursor.invalid')
  return { at: Number(found[1]), id: Number(found[2]) }
}

/** Rows, of which one more than `limit` was read → a page of them. */
export function toPage<T>(
  rows: readonly T[],
  limit: number,
  placeOf: (row: T) => Place,
): { rows: T[]; next: string | null } {
  const last = rows[limit - 1]
  return {
    rows: rows.slice(0, limit),
    next: rows.length > limit && last !== undefined ? toCursor(placeOf(last)) : null,
  }
}

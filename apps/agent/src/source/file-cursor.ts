import { createHash } from 'node:crypto'

/** How many bytes of a file's beginning tell it from another one of the same inode. */
export const HEAD_BYTES = 256

/** Where a file was read up to. The head guards against inodes that were used again and files written anew. */
export interface FileCursor {
  /** The inode, as text: some file systems go beyond what a number holds. */
  readonly inode: string
  /** Bytes up to the end of the last line that was dealt with. */
  readonly offset: number
  /** How many bytes the head's digest covers: at most HEAD_BYTES, and never more than the offset. */
  readonly headBytes: number
  readonly head: string
}

/** The digest of a file's first bytes. */
export const headDigest = (bytes: Buffer): string =>
  createHash('sha256').update(bytes).digest('base64url').slice(0, 22)

export const formatFileCursor = (cursor: FileCursor): string =>
  ['f1', cursor.inode, cursor.offset, cursor.headBytes, cursor.head].join(' ')

/** A saved cursor → its parts; null when it was not made here, which counts as none at all. */
export function parseFileCursor(text: string): FileCursor | null {
  const found = /^f1 (\d{1,20}) (\d{1,16}) (\d{1,3}) ([\w-]{22})$/.exec(text)
  if (!found) return null
  const [, inode = '', offset, headBytes, head = ''] = found
  return { inode, offset: Number(offset), headBytes: Number(headBytes), head }
}

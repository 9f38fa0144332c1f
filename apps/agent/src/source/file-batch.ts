import type { LineBlock } from './block.ts'
import { formatFileCursor, type FileCursor } from './file-cursor.ts'
import type { Batch } from './source.ts'

/** Where lines end, and whether more was there to read when they were read. */
interface FilePlace {
  readonly cursor: FileCursor
  readonly hasMore: boolean
}

/**
 * Lines of a file with the cursor behind them. It can be cut behind any of its lines; `onCut` is told how far the file is
 * dealt with then.
 */
export function fileBatch(
  lines: LineBlock,
  { cursor, hasMore }: FilePlace,
  onCut: (at: FileCursor) => void,
): Batch {
  return {
    lines,
    hasMore,
    cursor: formatFileCursor(cursor),
    cut: (last) => {
      const { count, rest } = lines.cutBehind(last)
      // Counted from the end: what a line had beyond the limit is in the file, but not in the block.
      const at = { ...cursor, offset: cursor.offset - rest.size }
      return {
        count,
        cursor: formatFileCursor(at),
        rest: () => {
          onCut(at)
          return fileBatch(rest, { cursor, hasMore }, onCut)
        },
      }
    },
  }
}

import { open, stat } from 'node:fs/promises'
import type { EpochMs, LogLine } from '@warder/core'
import { LineSplitter } from './split.ts'

/** How far back a file is read at most, and in which steps. */
const REACH_BYTES = 1_048_576
const BLOCK_BYTES = 65_536
const NEWLINE = 0x0a

interface Wanted {
  readonly limit: number
  readonly readAt: EpochMs
}

/**
 * The last lines of a file, oldest first, bounded as the engine sees them. Only its end is read, a megabyte at most;
 * a line that begins before that is left out. @throws when it cannot be read, in words
 */
export async function lastLines(path: string, { limit, readAt }: Wanted): Promise<readonly LogLine[]> {
  const { bytes, isWhole } = await readEnd(path, limit).catch((err: unknown) => {
    throw new Error(`${path}: ${inWords(err)}`, { cause: err })
  })
  const splitter = new LineSplitter()
  const lines = splitter.push(isWhole ? bytes : afterBreak(bytes))
  const last = splitter.flush()
  return [...lines, ...(last === null ? [] : [last])]
    .slice(-limit)
    .map((text) => ({ source: path, text, readAt }))
}

/** What stands behind the first newline; nothing where there is none. */
function afterBreak(bytes: Buffer): Buffer {
  const at = bytes.indexOf(NEWLINE)
  return bytes.subarray(at < 0 ? bytes.length : at + 1)
}

/** So much of a file's end as holds the wanted lines and what is before them. */
async function readEnd(path: string, limit: number): Promise<{ bytes: Buffer; isWhole: boolean }> {
  // Looking first: opening a pipe would wait for its writer.
  if (!(await stat(path)).isFile()) throw new Error('it is not a regular file')
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    const blocks: Buffer[] = []
    let from = size
    for (let breaks = 0; from > 0 && size - from < REACH_BYTES && breaks <= limit;) {
      const block = Buffer.alloc(Math.min(BLOCK_BYTES, from))
      from -= block.length
      const { bytesRead } = await handle.read(block, 0, block.length, from)
      // It was cut short meanwhile: what was read behind that is gone as well.
      if (bytesRead < block.length) blocks.length = 0
      blocks.unshift(block.subarray(0, bytesRead))
      for (const byte of block.subarray(0, bytesRead)) if (byte === NEWLINE) breaks++
    }
    return { bytes: Buffer.concat(blocks), isWhole: from === 0 }
  } finally {
    await handle.close()
  }
}

function inWords(err: unknown): string {
  const code = err instanceof Error && 'code' in err ? err.code : undefined
  if (code === 'ENOENT') return 'it does not exist'
  if (code === 'EACCES' || code === 'EPERM') return 'the agent may not read it'
  return err instanceof Error ? err.message : String(err)
}

import { LINE_LIMIT } from '@warder/core'

const NEWLINE = 0x0a

const NOTHING = Buffer.alloc(0)

/**
 * Takes whole lines off the front of what is read. The line that has not ended stays for the next read; what of it goes
 * beyond the limit is dropped up to its newline, so that no input can make it grow.
 *
 *     | kept: a line that has not ended | room: where the next read goes |
 *
 * Two such places take turns, so that one can be read into while the lines in the other are dealt with.
 */
export class LineCutter {
  /** What is read next comes here, behind as much as a line that has not ended may have. */
  #next = NOTHING
  /** What was read last. */
  #last = NOTHING
  /** The line that has not ended: the end of `#last`. */
  #kept = NOTHING
  /** Bytes since the last newline, dropped ones included. */
  #pending = 0

  /** How many of the bytes read so far belong to a line that has not ended. */
  get pending(): number {
    return this.#pending
  }

  /** Room for the next read, of this size. The lines that were taken off last stay, those before them are written over. */
  room(size: number): Buffer {
    if (this.#next.length !== LINE_LIMIT + size) this.#next = Buffer.allocUnsafe(LINE_LIMIT + size)
    return this.#next.subarray(LINE_LIMIT)
  }

  /** So many bytes were read into the room → the whole lines there are now, with their newlines; null: none. */
  take(count: number): Buffer | null {
    const bytes = this.#next
    this.#next = this.#last
    this.#last = bytes
    const kept = this.#kept
    const start = LINE_LIMIT - kept.length
    kept.copy(bytes, start)
    const read = bytes.subarray(LINE_LIMIT, LINE_LIMIT + count)
    const newline = read.lastIndexOf(NEWLINE)
    if (newline < 0) {
      this.#pending += count
      this.#kept = bytes.subarray(start, Math.min(start + LINE_LIMIT, LINE_LIMIT + count))
      return null
    }
    // The kept line lost its middle: its newline follows where it was cut off.
    const skipped = this.#pending > kept.length ? read.indexOf(NEWLINE) : 0
    if (skipped > 0) read.copyWithin(0, skipped)
    const end = LINE_LIMIT + newline + 1 - skipped
    this.#pending = count - newline - 1
    this.#kept = bytes.subarray(end, end + Math.min(this.#pending, LINE_LIMIT))
    return bytes.subarray(start, end)
  }

  /** The last line of a file that will not grow any more, with a newline; null when it ended with one. */
  flush(): Buffer | null {
    if (this.#pending === 0) return null
    const line = Buffer.concat([this.#kept, Buffer.of(NEWLINE)])
    this.reset()
    return line
  }

  /** Forgets the line that has not ended, and lets go of the memory. */
  reset(): void {
    this.#next = NOTHING
    this.#last = NOTHING
    this.#kept = NOTHING
    this.#pending = 0
  }
}

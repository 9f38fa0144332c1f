import { LINE_LIMIT } from '@warder/core'

const NEWLINE = 0x0a

/**
 * Takes whole lines off the front of what is read. The line that has not ended stays for the next read; what of it goes
 * beyond the limit is dropped up to its newline, so that no input can make it grow.
 *
 *     | kept: a line that has not ended | room: where the next read goes |
 */
export class LineCutter {
  #bytes = Buffer.alloc(0)
  /** How many bytes at the front belong to the line that has not ended. */
  #kept = 0
  /** Bytes since the last newline, dropped ones included. */
  #pending = 0
  /** Where the kept bytes still lie, behind the lines that were taken off; they are moved when there is a next read. */
  #keptAt = 0

  /** How many of the bytes read so far belong to a line that has not ended. */
  get pending(): number {
    return this.#pending
  }

  /** Room for the next read, of this size. What was taken off before is written over. */
  room(size: number): Buffer {
    const bytes =
      this.#bytes.length === size + LINE_LIMIT ? this.#bytes : Buffer.allocUnsafe(size + LINE_LIMIT)
    if (this.#kept > 0) this.#bytes.copy(bytes, 0, this.#keptAt, this.#keptAt + this.#kept)
    this.#bytes = bytes
    this.#keptAt = 0
    return bytes.subarray(this.#kept, this.#kept + size)
  }

  /** So many bytes were read into the room → the whole lines there are now, with their newlines; null: none. */
  take(count: number): Buffer | null {
    const read = this.#bytes.subarray(this.#kept, this.#kept + count)
    const last = read.lastIndexOf(NEWLINE)
    if (last < 0) {
      this.#pending += count
      this.#kept = Math.min(this.#kept + count, LINE_LIMIT)
      return null
    }
    // The kept line lost its middle: its newline follows where it was cut off.
    const skipped = this.#pending > this.#kept ? read.indexOf(NEWLINE) : 0
    if (skipped > 0) read.copyWithin(0, skipped)
    const end = this.#kept + last + 1 - skipped
    const rest = count - last - 1
    const whole = this.#bytes.subarray(0, end)
    this.#pending = rest
    this.#kept = Math.min(rest, LINE_LIMIT)
    this.#keptAt = end
    return whole
  }

  /** The last line of a file that will not grow any more, with a newline; null when it ended with one. */
  flush(): Buffer | null {
    if (this.#pending === 0) return null
    const line = Buffer.concat([
      this.#bytes.subarray(this.#keptAt, this.#keptAt + this.#kept),
      Buffer.of(NEWLINE),
    ])
    this.reset()
    return line
  }

  /** Forgets the line that has not ended, and lets go of the memory. */
  reset(): void {
    this.#bytes = Buffer.alloc(0)
    this.#kept = 0
    this.#keptAt = 0
    this.#pending = 0
  }
}

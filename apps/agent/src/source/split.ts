import { isAscii } from 'node:buffer'
import { LINE_LIMIT } from '@warder/core'
import { endOfLine } from './returns.ts'

const NEWLINE = 0x0a

/**
 * Cuts bytes into lines. A line without its end waits; what goes beyond the limit is dropped up to the next
 * newline, so that no input can make it grow. `\r` in front of a newline is part of it, invalid UTF-8 becomes U+FFFD.
 */
export class LineSplitter {
  readonly #limit: number
  #carry = Buffer.alloc(0)
  /** Bytes since the last newline, dropped ones included. */
  #pending = 0

  /** `limit`: longest line in bytes. */
  constructor(limit: number = LINE_LIMIT) {
    this.#limit = limit
  }

  /** How many of the bytes pushed so far belong to a line that has not ended. */
  get pending(): number {
    return this.#pending
  }

  push(chunk: Buffer): string[] {
    const first = chunk.indexOf(NEWLINE)
    if (first < 0) {
      this.#keep(chunk)
      return []
    }
    const part = chunk.subarray(0, first)
    const lines = [this.#toText(this.#carry.length > 0 ? Buffer.concat([this.#carry, part]) : part)]
    this.reset()
    const last = chunk.lastIndexOf(NEWLINE)
    if (last > first) this.#cut(chunk.subarray(first + 1, last + 1), lines)
    this.#keep(chunk.subarray(last + 1))
    return lines
  }

  /** The last line of a file that will not grow any more, or null when it ended with a newline. */
  flush(): string | null {
    if (this.#pending === 0) return null
    const line = this.#toText(this.#carry)
    this.reset()
    return line
  }

  reset(): void {
    this.#carry = Buffer.alloc(0)
    this.#pending = 0
  }

  /** Cuts whole lines. Plain ones are decoded all at once, and are then pieces of that text, which costs next to nothing. */
  #cut(whole: Buffer, lines: string[]): void {
    let start = 0
    if (isAscii(whole)) {
      const text = whole.toString('latin1')
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        lines.push(text.slice(start, Math.min(endOfLine(whole, start, end), start + this.#limit)))
        start = end + 1
      }
      return
    }
    for (let end = whole.indexOf(NEWLINE); end >= 0; end = whole.indexOf(NEWLINE, start)) {
      lines.push(this.#toText(whole.subarray(start, end)))
      start = end + 1
    }
  }

  #keep(rest: Buffer): void {
    this.#pending += rest.length
    const room = this.#limit - this.#carry.length
    if (rest.length > 0 && room > 0) this.#carry = Buffer.concat([this.#carry, rest.subarray(0, room)])
  }

  #toText(bytes: Buffer): string {
    return bytes.toString('utf8', 0, Math.min(endOfLine(bytes, 0, bytes.length), this.#limit))
  }
}

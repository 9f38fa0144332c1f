import { isAscii } from 'node:buffer'
import { LINE_LIMIT, type AsciiLine, type EpochMs, type LogLine, type Needle } from '@warder/core'
import { findLines } from '../scan/find-lines.ts'
import { endOfLine } from './returns.ts'
import type { Lines, Selected } from './source.ts'

const NEWLINE = 0x0a
const NOT_ASCII = /[^\0-\x7f]/
/** How much in front of a line is shown to who asks what stands before it. */
const BEFORE_BYTES = 4_096

/** Where a block comes from. */
interface Origin {
  readonly source: string
  readonly readAt: EpochMs
  readonly live: boolean
}

/** Whole lines of a file as bytes, each with its newline. `\r` in front of it is part of it, invalid UTF-8 becomes U+FFFD. */
export class LineBlock implements Lines {
  readonly origin: Origin
  /** They end with a newline, and are not changed as long as lines are asked for. */
  readonly bytes: Buffer
  #isAscii: boolean | null = null

  constructor(bytes: Buffer, origin: Origin) {
    this.origin = origin
    this.bytes = bytes
  }

  /** Whether all bytes are ASCII: seen on the way where lines are looked for. */
  get isAscii(): boolean {
    this.#isAscii ??= isAscii(this.bytes)
    return this.#isAscii
  }

  *[Symbol.iterator](): Iterator<LogLine> {
    let start = 0
    for (let end = this.bytes.indexOf(NEWLINE); end >= 0; end = this.bytes.indexOf(NEWLINE, start)) {
      yield new BlockLine(this, start, end, null)
      start = end + 1
    }
  }

  /** How many bytes it has. */
  get size(): number {
    return this.bytes.length
  }

  /** How many lines there are up to and with one, and what is behind it. */
  cutBehind(last: LogLine): { readonly count: number; readonly rest: LineBlock } {
    if (!(last instanceof BlockLine)) throw new TypeError('a line of something else')
    const from = last.end + 1
    let count = 0
    for (let end = this.bytes.indexOf(NEWLINE); end >= 0 && end < from;) {
      count++
      end = this.bytes.indexOf(NEWLINE, end + 1)
    }
    return { count, rest: new LineBlock(this.bytes.subarray(from), this.origin) }
  }

  having(needles: readonly Needle[]): Selected {
    const { lines, places, isAscii: isAllAscii } = findLines(this.bytes, needles)
    this.#isAscii = isAllAscii
    const count = places.length / 2
    /** Behind the line before. */
    const behind = (index: number): number => (index === 0 ? 0 : (places[index * 2 - 1] ?? 0) + 1)
    return {
      count,
      line: (index) => new BlockLine(this, places[index * 2] ?? 0, places[index * 2 + 1] ?? 0, behind(index)),
      passed: {
        lines: lines - count,
        last: this.endOf(behind(count), this.bytes.length),
        readAt: this.origin.readAt,
      },
    }
  }

  /** A line as text, bounded, with a line feed behind it. `end` is where its newline stands. */
  ended(start: number, end: number): string {
    const encoding = this.isAscii ? 'latin1' : 'utf8'
    const until = Math.min(endOfLine(this.bytes, start, end), start + LINE_LIMIT)
    if (until === end) return this.bytes.toString(encoding, start, end + 1)
    return `${this.bytes.toString(encoding, start, until)}\n`
  }

  /** The last whole lines between two places. */
  endOf(from: number, to: number): string {
    if (to <= from) return ''
    const start = Math.max(from, to - BEFORE_BYTES)
    const whole = start === from ? from : this.bytes.indexOf(NEWLINE, start) + 1
    return this.bytes.toString('utf8', whole, to - 1)
  }
}

/** A line of a block. */
class BlockLine implements LogLine, AsciiLine {
  readonly ended: string
  readonly isAscii: boolean
  /** Where it begins in the block, and where its newline stands. */
  readonly start: number
  readonly end: number
  readonly #block: LineBlock
  readonly #passed: number | null

  /** `end` is where its newline stands. `passed`: where the lines in front of it begin that were passed over; null: it was not picked. */
  constructor(block: LineBlock, start: number, end: number, passed: number | null) {
    this.ended = block.ended(start, end)
    this.isAscii = block.isAscii || !NOT_ASCII.test(this.ended)
    this.end = end
    this.#block = block
    this.start = start
    this.#passed = passed
  }

  get source(): string {
    return this.#block.origin.source
  }

  get text(): string {
    return this.ended.slice(0, -1)
  }

  get readAt(): EpochMs {
    return this.#block.origin.readAt
  }

  get live(): boolean {
    return this.#block.origin.live
  }

  get bytes(): Uint8Array {
    return this.#block.bytes
  }

  get ascii(): AsciiLine | null {
    return this.isAscii ? this : null
  }

  get isPicked(): boolean {
    return this.#passed !== null
  }

  before(): string {
    return this.#block.endOf(this.#passed ?? this.start, this.start)
  }
}

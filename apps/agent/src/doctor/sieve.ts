import type { EpochMs, LogLine } from '@warder/core'
import type { Clock } from '@warder/daemon'
import type { Batch, Lines } from '../source/source.ts'
import { hasAddress } from './address.ts'

/** A marked line that comes late is still no failure. */
const KEPT_MS = 3_600_000

/** Takes marked lines out of what sources read, so that no jail ever counts them. Costs nothing while none is expected. */
export class Sieve {
  readonly #clock: Clock
  readonly #marked = new Map<string, EpochMs>()
  readonly #awaited = new Map<string, (line: LogLine) => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Lines that speak of this address are marked from now on → the first of them, as it was read. */
  expect(ip: string): Promise<LogLine> {
    const { promise, resolve } = Promise.withResolvers<LogLine>()
    this.#marked.set(ip, this.#clock.now() + KEPT_MS)
    this.#awaited.set(ip, resolve)
    return promise
  }

  /** The batch without marked lines. */
  sift(batch: Batch): Batch {
    const now = this.#clock.now()
    for (const [ip, until] of this.#marked) if (until <= now) this.#marked.delete(ip)
    return this.#marked.size === 0 ? batch : this.#sifted(batch)
  }

  #sifted(batch: Batch): Batch {
    const { cursor, hasMore, cut } = batch
    return {
      lines: this.#unmarked(batch.lines),
      cursor,
      ...(hasMore === undefined ? {} : { hasMore }),
      ...(cut === undefined
        ? {}
        : {
            cut: (last) => {
              const part = batch.cut?.(last) ?? cut(last)
              return { count: part.count, cursor: part.cursor, rest: () => this.#sifted(part.rest()) }
            },
          }),
    }
  }

  #unmarked(lines: Lines): Lines {
    const isMarked = (line: LogLine): boolean => this.#isMarked(line)
    return {
      *[Symbol.iterator]() {
        for (const line of lines) if (!isMarked(line)) yield line
      },
    }
  }

  #isMarked(line: LogLine): boolean {
    for (const ip of this.#marked.keys()) {
      if (!hasAddress(line.text, ip)) continue
      const { source, text, readAt, writtenAt, live, fields } = line
      // The memory of a line is used again.
      this.#awaited.get(ip)?.({
        source,
        text: `${text}`,
        readAt,
        ...(writtenAt === undefined ? {} : { writtenAt }),
        ...(live === undefined ? {} : { live }),
        ...(fields === undefined ? {} : { fields }),
      })
      this.#awaited.delete(ip)
      return true
    }
    return false
  }
}

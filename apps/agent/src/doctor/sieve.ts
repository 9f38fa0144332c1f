import type { EpochMs, LogLine } from '@warder/core'
import type { Clock } from '@warder/daemon'
import type { Batch, Lines, Selected } from '../source/source.ts'

/**
 * What may stand in front of a marked text: nothing, or host and sender, with the date of a copy that syslog wrote. It is
 * narrow on purpose: whoever logs under a name that holds a marked text is to be counted all the same.
 */
const HEAD =
  /^(?:(?:(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\dT[\d:.+Z-]+) )?(?:\S+ )?[^\s:[\]]+(?:\[\d+\])?: )?$/

/** A marked line that comes late, or a copy of it, is still no failure. */
const KEPT_MS = 3_600_000

/** A marked line that is on its way. Nobody waits for it any more once this is disposed of. */
export interface Coming extends Disposable {
  /** As it was read. */
  readonly line: Promise<LogLine>
}

/** Takes marked lines out of what sources read, so that no jail ever counts them. Costs nothing while none is expected. */
export class Sieve {
  readonly #clock: Clock
  readonly #marked = new Map<string, EpochMs>()
  readonly #awaited = new Map<string, (line: LogLine) => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Lines with exactly this text are marked from now on → the first of them. */
  expect(text: string): Coming {
    const { promise, resolve } = Promise.withResolvers<LogLine>()
    this.#marked.set(text, this.#clock.now() + KEPT_MS)
    this.#awaited.set(text, resolve)
    return { line: promise, [Symbol.dispose]: () => void this.#awaited.delete(text) }
  }

  /** The batch without marked lines. */
  sift(batch: Batch): Batch {
    const now = this.#clock.now()
    for (const [text, until] of this.#marked) if (until <= now) this.#marked.delete(text)
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
    // One that is awaited is to be seen even where it holds nothing that a jail needs.
    const having = this.#awaited.size === 0 ? lines.having?.bind(lines) : undefined
    return {
      *[Symbol.iterator]() {
        for (const line of lines) if (!isMarked(line)) yield line
      },
      ...(having === undefined ? {} : { having: (needles) => unmarkedOf(having(needles), isMarked) }),
    }
  }

  #isMarked(line: LogLine): boolean {
    const { text } = line
    for (const marked of this.#marked.keys()) {
      if (!text.endsWith(marked) || !HEAD.test(text.slice(0, -marked.length))) continue
      const { source, readAt, writtenAt, live, fields } = line
      // The memory of a line is used again.
      this.#awaited.get(marked)?.({
        source,
        text: `${text}`,
        readAt,
        ...(writtenAt === undefined ? {} : { writtenAt }),
        ...(live === undefined ? {} : { live }),
        ...(fields === undefined ? {} : { fields }),
      })
      this.#awaited.delete(marked)
      return true
    }
    return false
  }
}

/** Of lines that were picked those that are not marked; nearly always all. */
function unmarkedOf(selected: Selected, isMarked: (line: LogLine) => boolean): Selected {
  const kept: number[] = []
  for (let index = 0; index < selected.count; index++) {
    const line = selected.line(index)
    if (line !== undefined && !isMarked(line)) kept.push(index)
  }
  if (kept.length === selected.count) return selected
  return {
    count: kept.length,
    line: (index) => {
      const at = kept[index]
      return at === undefined ? undefined : selected.line(at)
    },
    passed: selected.passed,
  }
}

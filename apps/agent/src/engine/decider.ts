import { setImmediate } from 'node:timers/promises'
import type { Effect, Engine, LogLine } from '@warder/core'
import type { Logger } from '@warder/daemon'
import type { Lines, Passed, Selected } from '../source/source.ts'
import { LookAhead } from './look-ahead.ts'

const LINES_TOGETHER = 64
/** After so long the link and whatever else waits has its turn. */
const TURN_MS = 40
/** In a line beyond so many characters an expression may take milliseconds. */
const LONG = 2_000

interface Parts {
  readonly engine: Engine
  readonly log: Logger
  /** A jail's expressions cannot cope with what is logged. */
  readonly onStuck: (jail: string) => void
}

/** What follows from lines. */
export interface Decided {
  readonly effects: readonly Effect[]
  /** When the last line was written, or read where it does not say; null: there was no line. */
  readonly lastAt: number | null
}

/**
 * Hands lines to the engine. Log text is written by attackers and expressions by operators: most expressions take a time
 * that grows with the line alone, and what the others find is looked for ahead, under a limit.
 */
export class Decider {
  readonly #parts: Parts
  readonly #ahead: LookAhead

  constructor(parts: Parts) {
    this.#parts = parts
    this.#ahead = new LookAhead(parts)
  }

  /** What follows from lines of a source. */
  async decide(source: string, lines: Lines, now: number): Promise<Decided> {
    const { engine } = this.#parts
    const needed = engine.needed(source)
    const { count, line, passed } =
      needed === null || lines.having === undefined ? all(lines) : lines.having(needed)
    const effects: Effect[] = []
    const turn = new Turn()
    let lastAt = passed?.readAt ?? null
    for (let from = 0; from < count;) {
      const part = partFrom(from, { count, line })
      from += part.length
      this.#decidePart(part, now, effects)
      const last = part.at(-1)
      if (passed === null && last !== undefined) lastAt = last.writtenAt ?? last.readAt
      if (turn.isOver()) await turn.next()
    }
    if (passed !== null) engine.step({ kind: 'passed', source, ...passed }, now)
    return { effects, lastAt }
  }

  /** A new plan brings new expressions: what was held against the old ones is forgotten. */
  forgive(): void {
    this.#ahead.forgive()
  }

  #decidePart(part: readonly LogLine[], now: number, effects: Effect[]): void {
    const { engine, log } = this.#parts
    const looks = part.some((line) => engine.mayTakeLong(line)) ? this.#ahead.at(part, now) : null
    for (let at = 0; at < part.length; at++) {
      const line = part[at]
      if (line === undefined) continue
      try {
        for (const effect of engine.step({ kind: 'line', line, look: looks?.[at] ?? null }, now))
          effects.push(effect)
      } catch (err) {
        log.error({ code: 'line.failed', err }, 'a line could not be decided on and is skipped')
      }
    }
  }
}

/** All lines, none left out. */
function all(lines: Lines): Omit<Selected, 'passed'> & { readonly passed: Passed | null } {
  const list = [...lines]
  return { count: list.length, line: (index) => list[index], passed: null }
}

/** Some lines to decide on together; long ones take longer, so there are fewer of them. */
function partFrom(from: number, { count, line }: Pick<Selected, 'count' | 'line'>): readonly LogLine[] {
  const part: LogLine[] = []
  for (let at = from; at < count && part.length < LINES_TOGETHER; at++) {
    const next = line(at)
    if (next === undefined) break
    part.push(next)
    if ((next.ended ?? next.text).length > LONG) break
  }
  return part
}

/** How long lines have been decided on without a pause. */
class Turn {
  #since = performance.now()

  isOver(): boolean {
    return performance.now() - this.#since > TURN_MS
  }

  async next(): Promise<void> {
    await setImmediate()
    this.#since = performance.now()
  }
}

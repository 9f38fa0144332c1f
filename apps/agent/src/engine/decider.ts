import { setImmediate } from 'node:timers/promises'
import {
  isLong,
  type CompiledFilter,
  type Effect,
  type Engine,
  type Input,
  type LogLine,
  type PlannedJail,
} from '@warder/core'
import type { Logger } from '@warder/daemon'
import type { Batch, Lines, Passed, Selected } from '../source/source.ts'
import { Budget, LookAhead, type Look } from './look-ahead.ts'

const LINES_TOGETHER = 64
/** After so long the link, other sources and whatever else waits has its turn. */
const TURN_MS = 40

interface Parts {
  readonly engine: Engine
  readonly log: Logger
  /** Never goes back. */
  readonly now: () => number
  /** A jail's expressions cannot cope with what is logged. */
  readonly onStuck: (jail: string) => void
}

/** What follows from lines. */
export interface Decided {
  readonly effects: readonly Effect[]
  /** When the last line was written, or read where it does not say; null: there was no line. */
  readonly lastAt: number | null
  /** Where the source stands behind them; null: nothing was decided. */
  readonly cursor: string | null
  /** More lines come at once. */
  readonly hasMore: boolean
}

/** Lets a part of a batch be decided on when it is its turn, and does what follows from it. */
type InTurn = (decide: () => Promise<Decided>) => Promise<void>

/** Lines to decide on, in order: all that are left of a batch, or those that were looked for ahead. */
interface Part {
  readonly batch: Batch
  readonly picked: Picked
  /** What was found beforehand in the first of them; null: they are decided on as they are. */
  readonly looks: readonly Look[] | null
  /** Under which plan they were picked. */
  readonly plan: number
}

/** Lines that can lead to anything; without `passed` none was left out. */
interface Picked extends Pick<Selected, 'count' | 'line'> {
  readonly passed: Passed | null
}

const NOTHING: Decided = { effects: [], lastAt: null, cursor: null, hasMore: true }

/**
 * Hands lines to the engine. Log text is written by attackers and expressions by operators: most expressions take a time
 * that grows with the line alone, and what the others find is looked for ahead, under a limit and before it is the lines'
 * turn. What takes long is decided on in parts, so that other sources and the link come in between.
 */
export class Decider {
  readonly #parts: Parts
  readonly #ahead: LookAhead
  readonly #turn = new Turn()
  #plan = 0
  /** The filters of jails that hear something. */
  #filters: ReadonlyMap<string, CompiledFilter> = new Map()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#ahead = new LookAhead(parts)
  }

  /** Decides on a batch of a source, part by part. */
  async take(source: string, batch: Batch, inTurn: InTurn): Promise<void> {
    const budget = new Budget()
    let left: Batch | null = batch
    while (left !== null) {
      const part: Part = await this.#prepare(source, left, budget)
      let next: (() => Batch) | null = null
      await inTurn(async () => {
        const cut = await this.#decide(source, part)
        next = cut.next
        return cut.decided
      })
      left = goOn(next)
    }
  }

  /** Another plan may bring other expressions: what was held against those that are gone is forgotten. */
  follow(jails: readonly PlannedJail[]): void {
    this.#plan++
    const before = this.#filters
    this.#filters = new Map(
      jails.flatMap(({ jail, sources }) =>
        sources.length === 0 ? [] : [[jail.definition.name, jail.filter] as const],
      ),
    )
    this.#ahead.forgive({
      has: (name) => before.has(name) && before.get(name) === this.#filters.get(name),
    })
  }

  async #prepare(source: string, batch: Batch, budget: Budget): Promise<Part> {
    const plan = this.#plan
    const picked = this.#pick(source, batch.lines)
    const looks = this.#mayTakeLong(batch, picked) ? await this.#look(batch, picked, budget) : null
    return { batch, picked, looks, plan }
  }

  #pick(source: string, lines: Lines): Picked {
    const needed = this.#parts.engine.needed(source)
    return needed === null || lines.having === undefined ? all(lines) : lines.having(needed)
  }

  /** Where the batch can be cut, the first line says enough: what is decided on ends in front of another one. */
  #mayTakeLong({ cut }: Batch, { count, line }: Picked): boolean {
    for (let at = 0; at < (cut === undefined ? count : Math.min(count, 1)); at++) {
      const each = line(at)
      if (each !== undefined && this.#parts.engine.mayTakeLong(each)) return true
    }
    return false
  }

  async #look({ cut }: Batch, picked: Picked, budget: Budget): Promise<readonly Look[]> {
    const { engine, now } = this.#parts
    const looks: Look[] = []
    const since = performance.now()
    while (looks.length < picked.count) {
      const some = someFrom(looks.length, picked)
      const canStop = cut !== undefined && looks.length > 0
      if (canStop && (performance.now() - since > TURN_MS || !some.some((line) => engine.mayTakeLong(line))))
        break
      looks.push(...(await this.#ahead.at(some, now(), budget)))
    }
    return looks
  }

  /** Decides on lines until they are all done, or others are to have their turn. */
  async #decide(source: string, part: Part): Promise<Cut> {
    // Other jails may need other lines, and look for something else in them.
    if (part.plan !== this.#plan) return { decided: NOTHING, next: () => part.batch }
    const { engine, now } = this.#parts
    const { batch, picked } = part
    const moment = now()
    const { effects, done, last } = await this.#stepThrough(part, moment)
    const { passed } = picked
    const isWhole = done === picked.count
    const cut = isWhole || last === undefined ? undefined : batch.cut?.(last)
    const rest =
      passed === null || cut === undefined ? passed : { ...passed, lines: cut.count - done, last: '' }
    if (rest !== null) engine.step({ kind: 'passed', source, ...rest }, moment)
    const lastAt = passed?.readAt ?? last?.writtenAt ?? last?.readAt ?? null
    await this.#turn.pass()
    const hasMore = cut !== undefined || batch.hasMore === true
    return {
      decided: { effects, lastAt, cursor: cut?.cursor ?? batch.cursor, hasMore },
      next: cut?.rest ?? null,
    }
  }

  async #stepThrough({ batch, picked, looks }: Part, moment: number): Promise<Stepped> {
    const { engine } = this.#parts
    const effects: Effect[] = []
    const canCut = batch.cut !== undefined
    let last: LogLine | undefined
    let done = 0
    const end = looks?.length ?? picked.count
    this.#turn.begin()
    while (done < end) {
      const line = picked.line(done)
      if (line === undefined) break
      // It has to be looked for ahead.
      if (looks === null && canCut && last !== undefined && engine.mayTakeLong(line)) break
      this.#step({ kind: 'line', line, look: looks?.[done] ?? null }, moment, effects)
      last = line
      done++
      // Long lines take longer; to ask for the time behind each of the others would take as long as some of them do.
      if ((done % LINES_TOGETHER > 0 && !isLong(line)) || !this.#turn.isOver()) continue
      if (canCut) break
      await this.#turn.pass()
    }
    return { effects, done, last }
  }

  #step(input: Input, moment: number, effects: Effect[]): void {
    const { engine, log } = this.#parts
    try {
      const following = engine.step(input, moment)
      for (let at = 0; at < following.length; at++) {
        const effect = following[at]
        if (effect !== undefined) effects.push(effect)
      }
    } catch (err) {
      log.error({ code: 'line.failed', err }, 'a line could not be decided on and is skipped')
    }
  }
}

/** What was decided, and how to go on: null where nothing is left. */
interface Cut {
  readonly decided: Decided
  readonly next: (() => Batch) | null
}

/** How far the lines of a part were decided on. */
interface Stepped {
  readonly effects: readonly Effect[]
  readonly done: number
  readonly last: LogLine | undefined
}

const goOn = (next: (() => Batch) | null): Batch | null => (next === null ? null : next())

/** All lines, none left out. */
function all(lines: Lines): Picked {
  const list = [...lines]
  return { count: list.length, line: (index) => list[index], passed: null }
}

/** Some lines to deal with together; long ones take longer, so there are fewer of them. */
function someFrom(from: number, { count, line }: Picked): readonly LogLine[] {
  const some: LogLine[] = []
  for (let at = from; at < count && some.length < LINES_TOGETHER; at++) {
    const next = line(at)
    if (next === undefined) break
    some.push(next)
    if (isLong(next)) break
  }
  return some
}

/** How long lines have been decided on since others had their turn, of whatever sources they were. */
class Turn {
  #since = 0
  #before = 0

  begin(): void {
    this.#since = performance.now()
  }

  isOver(): boolean {
    return this.#before + performance.now() - this.#since > TURN_MS
  }

  /** Lets others have their turn if it is time. */
  async pass(): Promise<void> {
    const isOver = this.isOver()
    this.#before = isOver ? 0 : this.#before + performance.now() - this.#since
    if (isOver) await setImmediate()
    this.begin()
  }
}

import { threadCpuUsage } from 'node:process'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { isLong, type Engine, type LogLine } from '@warder/core'
import type { Logger } from '@warder/daemon'
import { finishesWithin } from './guard.ts'

/** For one go; most take a few milliseconds. The more lines of a batch held it up, the less is left for the next. */
const LIMITS_MS = [60, 40, 20, 10] as const
/** The first limit of a long line, which is looked at for one jail at a time: sound expressions take up to 40 ms. */
const LONG_LIMIT_MS = 100
/** With so much lost to lines of one batch, no more of it is looked at in this way. */
const MOST_LOST_MS = 160
/** After so great a part of its limit a go ends by itself, so that each jail has the rest for a line. */
const OWN_SHARE = 1 / 3
/** After a line held a look up, everybody else has the time for so long. */
const REST_MS = 20
/** So often may a jail hold the matching up, within so long, before it is paused. */
const STRIKES = 2
const STRIKES_MS = 600_000

interface Parts {
  readonly engine: Pick<Engine, 'look' | 'giveUp'>
  readonly log: Logger
  /** A jail's expressions cannot cope with what is logged. */
  readonly onStuck: (jail: string) => void
}

/** What was found in a line beforehand. */
export type Look = Exclude<ReturnType<Engine['look']>, 'unfinished'>

/** Which jails are left out. */
interface Without {
  has(jail: string): boolean
}

const EVERYBODY: Without = { has: () => true }

/** What one batch has lost so far to lines that held it up. */
export class Budget {
  #times = 0
  #lostMs = 0

  get isSpent(): boolean {
    return this.#lostMs >= MOST_LOST_MS
  }

  /** The limit for a look that begins with this line, in milliseconds; null: nothing is left. */
  limitFor(line: LogLine | undefined): number | null {
    if (this.isSpent) return null
    if (this.#times === 0 && line !== undefined && isLong(line)) return LONG_LIMIT_MS
    return LIMITS_MS[this.#times] ?? LIMITS_MS[3]
  }

  /** Milliseconds of work. */
  lose(ms: number): void {
    this.#times++
    this.#lostMs += ms
  }
}

/** How a go ended, and after how many milliseconds of work. */
interface Outcome {
  readonly kind: 'done' | 'held up' | 'stood still' | 'failed'
  readonly ms: number
}

/** How far some lines of a batch were looked at. */
interface Progress {
  readonly lines: readonly LogLine[]
  readonly now: number
  readonly budget: Budget
  readonly looks: Look[]
  /** Jails that the next line is skipped for; null: none but those that are stuck. */
  skipped: Without | null
  /** The line and the jail that were given a second chance last. */
  triedAgain: string
}

/**
 * Looks for what jails find whose expressions may take any time, before anything is counted, so that it can be broken off.
 * A line that holds one of them up is skipped for that jail; the jail to which it happens again is left out from then on,
 * and named to be paused. One look is taken at a time, whoever asks, and in between everybody else has a turn.
 */
export class LookAhead {
  readonly #parts: Parts
  /** When jails held the matching up. */
  readonly #strikes = new Map<string, readonly number[]>()
  /** Jails that are to be paused: the plan that does it is on its way. */
  readonly #stuck = new Set<string>()
  /** Jails that were given a second chance. */
  readonly #tried = new Set<string>()
  #tail: Promise<unknown> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What is found in each of some lines of a source, which belong to the batch with this budget. */
  async at(lines: readonly LogLine[], now: number, budget: Budget): Promise<readonly Look[]> {
    const progress: Progress = { lines, now, budget, looks: [], skipped: null, triedAgain: '' }
    while (progress.looks.length < lines.length) await this.#inTurn(() => this.#goOn(progress))
    return progress.looks
  }

  /** What was held against jails is forgotten, but for some. */
  forgive(but: Without): void {
    for (const jail of [...this.#strikes.keys()]) if (!but.has(jail)) this.#strikes.delete(jail)
    for (const jails of [this.#stuck, this.#tried])
      for (const jail of [...jails]) if (!but.has(jail)) jails.delete(jail)
  }

  /** One go when nobody else has one; whoever waits for anything at all comes before the next. */
  #inTurn(go: () => 'held up' | 'went on'): Promise<void> {
    const result = this.#tail.then(async () => {
      if (go() === 'held up') await setTimeout(REST_MS)
      else await setImmediate()
    })
    this.#tail = result
    return result
  }

  #goOn(progress: Progress): 'held up' | 'went on' {
    const { lines, looks, budget } = progress
    const limitMs = budget.limitFor(lines[looks.length])
    const { kind, ms } = this.#within(limitMs ?? LIMITS_MS[0], () => this.#look(progress, limitMs))
    if (kind === 'done') return 'went on'
    // At once: until then the jail's filter stands where it was broken off.
    const jail = this.#parts.engine.giveUp(lines[looks.length]?.source ?? '')
    const attempt = `${looks.length} ${jail}`
    // The line is given a second chance: a machine that stood still looks the same, and so do expressions that V8
    // compiles when they are used for the first time.
    const isNew = jail !== null && kind === 'held up' && !this.#tried.has(jail)
    const isChance = (kind === 'stood still' || isNew) && attempt !== progress.triedAgain
    progress.triedAgain = attempt
    if (jail !== null) this.#tried.add(jail)
    if (kind !== 'failed') this.#lose(budget, ms)
    if (isChance) return 'held up'
    if (jail !== null && kind !== 'failed') this.#strike(jail, progress.now)
    progress.skipped = jail === null ? EVERYBODY : { has: (name) => name === jail || this.#stuck.has(name) }
    return 'held up'
  }

  /** Looks at lines until a third of the limit is over; a long one has a go for each jail. */
  #look(progress: Progress, limitMs: number | null): void {
    const { lines, now, looks } = progress
    const since = performance.now()
    let jails = 0
    const isOver = (): boolean => performance.now() - since > (limitMs ?? LIMITS_MS[0]) * OWN_SHARE
    const isOverLong = (): boolean => jails++ > 0
    const begun = looks.length
    for (let line = lines[begun]; line !== undefined; line = lines[looks.length]) {
      const long = isLong(line)
      if (looks.length > begun && (long || isOver())) return
      const without = limitMs === null ? EVERYBODY : (progress.skipped ?? this.#stuck)
      const look = this.#parts.engine.look(line, now, { without, isOver: long ? isOverLong : isOver })
      if (look === 'unfinished') return
      progress.skipped = null
      looks.push(look)
    }
  }

  #within(limitMs: number, work: () => void): Outcome {
    const before = threadCpuUsage()
    const workMs = (): number => {
      const { user, system } = threadCpuUsage(before)
      return (user + system) / 1_000
    }
    try {
      if (finishesWithin(limitMs, work)) return { kind: 'done', ms: 0 }
    } catch (err) {
      this.#parts.log.error({ code: 'line.failed', err }, 'a line could not be decided on and is skipped')
      return { kind: 'failed', ms: 0 }
    }
    const ms = workMs()
    return { kind: ms < limitMs / 2 ? 'stood still' : 'held up', ms }
  }

  #lose(budget: Budget, ms: number): void {
    budget.lose(ms)
    if (budget.isSpent) this.#tellSpent()
  }

  #tellSpent(): void {
    this.#parts.log.error(
      { code: 'lines.skipped' },
      'the rest of what was read together is skipped for jails whose expressions may take any time',
    )
  }

  #strike(jail: string, now: number): void {
    const { log, onStuck } = this.#parts
    const before = this.#strikes.get(jail) ?? []
    const strikes = [...before.filter((at) => at > now - STRIKES_MS), now]
    this.#strikes.set(jail, strikes)
    log.error(
      { code: 'line.skipped', jail, count: strikes.length },
      'a line took the expressions of a jail too long and is skipped',
    )
    if (strikes.length < STRIKES) return
    this.#stuck.add(jail)
    onStuck(jail)
  }
}

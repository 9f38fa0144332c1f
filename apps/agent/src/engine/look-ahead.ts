import { threadCpuUsage } from 'node:process'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Engine, LogLine } from '@warder/core'
import type { Logger } from '@warder/daemon'
import { finishesWithin } from './guard.ts'

/** For one go; most take a few milliseconds. The more lines of a batch held it up, the less is left for the next. */
const LIMITS_MS = [60, 40, 20, 10] as const
/** With so much lost to lines of one batch, no more of it is looked at in this way. */
const MOST_LOST_MS = 160
/** After so great a part of its limit a go ends by itself behind a line, so that a line has the rest for itself. */
const OWN_SHARE = 1 / 3
/** After a line held a look up, everybody else has the time for so long. */
const REST_MS = 20
/** So often may a jail hold the matching up before it is paused. */
const STRIKES = 2

interface Parts {
  readonly engine: Pick<Engine, 'look' | 'giveUp'>
  readonly log: Logger
  /** A jail's expressions cannot cope with what is logged. */
  readonly onStuck: (jail: string) => void
}

/** What was found in a line beforehand. */
export type Look = ReturnType<Engine['look']>

/** Which jails are left out. */
interface Without {
  has(jail: string): boolean
}

const EVERYBODY: Without = { has: () => true }

/** What one batch has lost so far. */
export class Budget {
  #strikes = 0
  #lostMs = 0

  /** The limit of the next look in milliseconds; null: nothing is left. */
  get limitMs(): number | null {
    if (this.#lostMs >= MOST_LOST_MS) return null
    return LIMITS_MS[this.#strikes] ?? LIMITS_MS[3]
  }

  lose(ms: number): void {
    this.#strikes++
    this.#lostMs += ms
  }
}

/** How a go ended; `held up` for so many milliseconds of work. */
type Outcome =
  | { readonly kind: 'done' | 'failed' | 'stood still' }
  | { readonly kind: 'held up'; readonly ms: number }

/**
 * Looks for what jails find whose expressions may take any time, before anything is counted, so that it can be broken off.
 * A line that holds one of them up is skipped for that jail; the jail to which it happens again is left out from then on,
 * and named to be paused. One look is taken at a time, whoever asks, and in between everybody else has a turn.
 */
export class LookAhead {
  readonly #parts: Parts
  readonly #strikes = new Map<string, number>()
  /** Jails that are to be paused: the plan that does it is on its way. */
  readonly #stuck = new Set<string>()
  #tail: Promise<unknown> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What is found in each of some lines of a source, which belong to the batch with this budget. */
  async at(lines: readonly LogLine[], now: number, budget: Budget): Promise<readonly Look[]> {
    const { engine } = this.#parts
    const looks: Look[] = []
    let left: Without | null = null
    let triedAgain = -1
    while (looks.length < lines.length) {
      const { kind } = await this.#inTurn(budget, (limitMs) => {
        const since = performance.now()
        for (let line = lines[looks.length]; line; line = lines[looks.length]) {
          looks.push(engine.look(line, now, limitMs === null ? EVERYBODY : (left ?? this.#stuck)))
          left = null
          if (performance.now() - since > (limitMs ?? LIMITS_MS[0]) * OWN_SHARE) return
        }
      })
      if (kind === 'done') continue
      const jail = engine.giveUp(lines[looks.length]?.source ?? '')
      // A machine that stood still looks the same: the line is given a second chance.
      const isTriedAgain = triedAgain === looks.length
      triedAgain = looks.length
      if (kind === 'stood still' && !isTriedAgain) continue
      if (jail !== null && kind !== 'failed') this.#strike(jail)
      left = jail === null ? EVERYBODY : { has: (name) => name === jail || this.#stuck.has(name) }
    }
    return looks
  }

  /** What was held against jails is forgotten, but for some. */
  forgive(but: Without): void {
    for (const jail of [...this.#strikes.keys()]) if (!but.has(jail)) this.#strikes.delete(jail)
    for (const jail of [...this.#stuck]) if (!but.has(jail)) this.#stuck.delete(jail)
  }

  /** One go when nobody else has one; whoever waits for anything at all comes before the next. */
  #inTurn(budget: Budget, work: (limitMs: number | null) => void): Promise<Outcome> {
    const result = this.#tail.then(async () => {
      const { limitMs } = budget
      const outcome = this.#go(limitMs ?? LIMITS_MS[0], () => work(limitMs))
      if (outcome.kind === 'held up') {
        budget.lose(outcome.ms)
        if (budget.limitMs === null) this.#tellSpent()
        await setTimeout(REST_MS)
      } else {
        await setImmediate()
      }
      return outcome
    })
    this.#tail = result
    return result
  }

  #go(limitMs: number, work: () => void): Outcome {
    const before = threadCpuUsage()
    try {
      if (finishesWithin(limitMs, work)) return { kind: 'done' }
    } catch (err) {
      this.#parts.log.error({ code: 'line.failed', err }, 'a line could not be decided on and is skipped')
      return { kind: 'failed' }
    }
    const { user, system } = threadCpuUsage(before)
    const ms = (user + system) / 1_000
    return ms < limitMs / 2 ? { kind: 'stood still' } : { kind: 'held up', ms: Math.max(ms, limitMs) }
  }

  #tellSpent(): void {
    this.#parts.log.error(
      { code: 'lines.skipped' },
      'the rest of what was read together is skipped for jails whose expressions may take any time',
    )
  }

  #strike(jail: string): void {
    const { log, onStuck } = this.#parts
    const strikes = (this.#strikes.get(jail) ?? 0) + 1
    this.#strikes.set(jail, strikes)
    log.error(
      { code: 'line.skipped', jail, count: strikes },
      'a line took the expressions of a jail too long and is skipped',
    )
    if (strikes < STRIKES) return
    this.#stuck.add(jail)
    onStuck(jail)
  }
}

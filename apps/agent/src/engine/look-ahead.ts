import { threadCpuUsage } from 'node:process'
import type { Engine, LogLine } from '@warder/core'
import type { Logger } from '@warder/daemon'
import { finishesWithin } from './guard.ts'

/** For some lines together; they take a few milliseconds. */
const LIMIT_MS = 80
/** So often may a jail hold the matching up before it is paused. */
const STRIKES = 2

interface Parts {
  readonly engine: Engine
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

/**
 * Looks for what jails find whose expressions may take any time, before anything is counted, so that it can be broken off.
 * A line that holds one of them up is skipped for that jail; the jail to which it happens again is left out from then on,
 * and named to be paused.
 */
export class LookAhead {
  readonly #parts: Parts
  readonly #strikes = new Map<string, number>()
  /** Jails that are to be paused: the plan that does it is on its way. */
  readonly #stuck = new Set<string>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What is found in each of some lines of a source. */
  at(lines: readonly LogLine[], now: number): readonly Look[] {
    const { engine } = this.#parts
    const looks: Look[] = []
    let without: Without = this.#stuck
    let triedAgain = -1
    for (;;) {
      const isDone = this.#isDone(() => {
        for (let line = lines[looks.length]; line; line = lines[looks.length]) {
          looks.push(engine.look(line, now, without))
          without = this.#stuck
        }
      })
      if (isDone === 'yes') return looks
      const jail = engine.giveUp(lines[looks.length]?.source ?? '')
      // A machine that stood still looks the same: the line is given a second chance.
      const isTriedAgain = triedAgain === looks.length
      triedAgain = looks.length
      if (isDone === 'stood still' && !isTriedAgain) continue
      if (jail !== null && isDone !== 'failed') this.#strike(jail)
      without = jail === null ? EVERYBODY : { has: (name) => name === jail || this.#stuck.has(name) }
    }
  }

  /** New expressions: what was held against the old ones is forgotten. */
  forgive(): void {
    this.#strikes.clear()
    this.#stuck.clear()
  }

  #isDone(work: () => void): 'yes' | 'no' | 'stood still' | 'failed' {
    const before = threadCpuUsage()
    try {
      if (finishesWithin(LIMIT_MS, work)) return 'yes'
    } catch (err) {
      this.#parts.log.error({ code: 'line.failed', err }, 'a line could not be decided on and is skipped')
      return 'failed'
    }
    const { user, system } = threadCpuUsage(before)
    return (user + system) / 1_000 < LIMIT_MS / 2 ? 'stood still' : 'no'
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

import { makeMatcher, type Effect, type Engine, type LogLine, type PlannedJail } from '@warder/core'
import type { Logger } from '@warder/daemon'
import { finishesWithin } from './guard.ts'

/** For a batch; one takes milliseconds. */
const BATCH_LIMIT_MS = 1_000
/** For the expressions of one jail on one line, when the guilty one is looked for. */
const JAIL_LIMIT_MS = 500
/** So many lines may hold a jail up before its expressions are put aside. */
const STRIKES = 3

interface Parts {
  readonly engine: Engine
  readonly log: Logger
  /** A jail's expressions cannot cope with what is logged. */
  readonly onStuck: (jail: string) => void
  readonly limits?: { readonly batchMs: number; readonly jailMs: number }
}

/**
 * Hands lines to the engine. Log text is written by attackers and expressions by operators: a line that holds the
 * matching up is skipped, and the jail to which that happens again and again is named to be put aside.
 */
export class Decider {
  readonly #parts: Parts
  readonly #strikes = new Map<string, number>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What follows from lines. `jails`: the plan that the engine follows. */
  decide(lines: readonly LogLine[], jails: readonly PlannedJail[], now: number): Effect[] {
    const { engine, limits } = this.#parts
    const effects: Effect[] = []
    let next = 0
    let wasTried = -1
    const step = (): void => {
      for (let line = lines[next]; line; line = lines[++next]) {
        for (const effect of engine.step({ kind: 'line', line }, now)) effects.push(effect)
      }
    }
    while (next < lines.length) {
      const line = lines[next]
      const outcome = this.#run(limits?.batchMs ?? BATCH_LIMIT_MS, step)
      if (outcome === 'done') break
      // A machine that stood still looks the same: the line is given a second chance, alone.
      if (outcome === 'late' && wasTried !== next) {
        wasTried = next
        continue
      }
      if (outcome === 'late' && line) this.#blame(lines[next] ?? line, jails, now)
      next++
    }
    return effects
  }

  /** A new plan brings new expressions: what was held against the old ones is forgotten. */
  forgive(): void {
    this.#strikes.clear()
  }

  #run(limitMs: number, step: () => void): 'done' | 'late' | 'failed' {
    try {
      return finishesWithin(limitMs, step) ? 'done' : 'late'
    } catch (err) {
      this.#parts.log.error({ code: 'line.failed', err }, 'a line could not be decided on and is skipped')
      return 'failed'
    }
  }

  #blame(line: LogLine, jails: readonly PlannedJail[], now: number): void {
    const { log, onStuck, limits } = this.#parts
    for (const { jail, sources } of jails) {
      if (!sources.includes(line.source)) continue
      const { name } = jail.definition
      const match = makeMatcher(jail.filter)
      if (finishesWithin(limits?.jailMs ?? JAIL_LIMIT_MS, () => void match(line, now))) continue
      const strikes = (this.#strikes.get(name) ?? 0) + 1
      this.#strikes.set(name, strikes)
      log.error(
        { code: 'line.skipped', jail: name, count: strikes },
        'a line took the expressions of a jail too long and is skipped',
      )
      if (strikes === STRIKES) onStuck(name)
    }
  }
}

import type { Effect } from '@warder/core'
import type { Logger } from '@warder/daemon'

/** So much may gather; then reading waits for the firewall. */
const MOST_EFFECTS = 20_000

/** Effects of lines, and where their sources stand behind them. */
export interface Gathered {
  readonly effects: Effect[]
  readonly cursors: Map<string, string>
}

interface Parts {
  readonly log: Logger
  /** Carries out what has gathered, one call after the other. */
  readonly carryOut: (gathered: Gathered) => Promise<void>
}

const nothing = (): Gathered => ({ effects: [], cursors: new Map() })

/**
 * What lines with more behind them lead to. While the firewall is busy the next lines are decided on; what gathers
 * meanwhile goes to it in one transaction, which costs little more than that of one ban.
 */
export class Gathering {
  readonly #parts: Parts
  #gathered = nothing()
  #underWay: Promise<void> | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Adds to it. Resolves at once, unless too much has gathered already. */
  async add(source: string, cursor: string, effects: readonly Effect[]): Promise<void> {
    this.#gathered.cursors.set(source, cursor)
    for (const effect of effects) this.#gathered.effects.push(effect)
    this.#underWay ??= this.#carryOn()
    if (this.#gathered.effects.length > MOST_EFFECTS) await this.#underWay
  }

  /** Waits until all of it is carried out. */
  async done(): Promise<void> {
    if (this.#underWay !== null) await this.#underWay
  }

  /** Where a source stands behind what has gathered; undefined: nothing of it has. */
  cursor(source: string): string | undefined {
    return this.#gathered.cursors.get(source)
  }

  async #carryOn(): Promise<void> {
    try {
      while (this.#gathered.cursors.size > 0) {
        const gathered = this.#gathered
        this.#gathered = nothing()
        await this.#parts.carryOut(gathered)
      }
    } catch (err) {
      this.#parts.log.error({ code: 'loop.broken', err }, 'a step failed')
    } finally {
      this.#underWay = null
    }
  }
}

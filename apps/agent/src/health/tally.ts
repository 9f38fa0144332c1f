import type { NodeEvent } from '@warder/core'

/** What happened in a jail since the agent began. */
export interface JailTotals {
  readonly failures: number
  readonly bans: number
}

const NONE: JailTotals = { failures: 0, bans: 0 }

/** Counts failures and bans by jail, as fail2ban does: from the start of the process on. */
export class Tally {
  readonly #totals = new Map<string, { failures: number; bans: number }>()

  /** Bans that were in force when the agent began count too. */
  begin(jails: Iterable<{ readonly jail: string; readonly bans: number }>): void {
    for (const { jail, bans } of jails) this.#of(jail).bans += bans
  }

  note(event: NodeEvent): void {
    if (event.kind === 'failure.found') this.#of(event.jail).failures++
    if (event.kind === 'ban.added') this.#of(event.ban.jail).bans++
  }

  totals(jail: string): JailTotals {
    return this.#totals.get(jail) ?? NONE
  }

  #of(jail: string): { failures: number; bans: number } {
    const known = this.#totals.get(jail)
    if (known) return known
    const made = { failures: 0, bans: 0 }
    this.#totals.set(jail, made)
    return made
  }
}

import { parseTarget, type EpochMs, type JailDefinition } from '@warder/core'
import type { BanRow } from './database.ts'
import type { Verdict } from './compare.ts'
import { lengthMade, untilOf } from './past-bans.ts'

/** What is new in fail2ban's database since the last look. */
export interface News {
  /** Bans that were made, or whose length changed. */
  readonly changed: readonly Verdict[]
  readonly lifted: readonly { readonly jail: string; readonly ip: string }[]
}

/** Follows the bans in fail2ban's database by looking at it again and again. */
export class Poll {
  readonly #jails: ReadonlyMap<string, JailDefinition>
  #seen = new Map<string, BanRow>()

  /** `jails`: those that are compared. */
  constructor(jails: ReadonlyMap<string, JailDefinition>) {
    this.#jails = jails
  }

  /** `rows`: all that are young enough to matter. */
  look(rows: readonly BanRow[]): News {
    const meant = rows.filter(({ jail }) => this.#jails.has(jail))
    const now = new Map(meant.map((row) => [`${row.jail} ${row.ip}`, row]))
    const changed = meant.filter((row) => {
      const before = this.#seen.get(`${row.jail} ${row.ip}`)
      return before?.timeofban !== row.timeofban || before.bantime !== row.bantime
    })
    const lifted = [...this.#seen].filter(([key]) => !now.has(key)).map(([, row]) => row)
    this.#seen = now
    return {
      changed: changed.flatMap((row) => this.#verdict(row)),
      lifted: lifted.map(({ jail, ip }) => ({ jail, ip: parseTarget(ip) ?? ip })),
    }
  }

  #verdict(row: BanRow): readonly Verdict[] {
    const { jail, ip, timeofban } = row
    const definition = this.#jails.get(jail)
    if (definition === undefined) return []
    const at: EpochMs = timeofban * 1_000
    const target = parseTarget(ip)
    return [
      {
        jail,
        ip: target ?? ip.slice(0, 49),
        at,
        until: untilOf(at, lengthMade(row, definition)),
        why: target === null ? 'this is no address' : null,
      },
    ]
  }
}

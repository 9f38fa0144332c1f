import { endAfter, type EpochMs, type JailDefinition } from '@warder/core'
import type { ForeignBan } from '@warder/protocol/control'
import type { BanRow } from './database.ts'

/** What fail2ban's database holds, as far as it is of use. */
export interface PastBans {
  /** In force now. */
  readonly active: readonly ForeignBan[]
  /** Over, and remembered because bans may grow. */
  readonly over: readonly ForeignBan[]
  /** Of jails that are not enabled: fail2ban itself does not ban for them any more. */
  readonly left: number
}

const LONGEST_IP = 49
const MOST_BANS = 1_000_000

/** Sorts the rows of the database by what they mean now. `jails`: those that are enabled. */
export function sortBans(
  rows: readonly BanRow[],
  jails: ReadonlyMap<string, JailDefinition>,
  now: EpochMs,
): PastBans {
  const active: ForeignBan[] = []
  const over: ForeignBan[] = []
  let left = 0
  for (const row of rows) {
    const jail = jails.get(row.jail)
    if (jail === undefined) left++
    else {
      const ban = toBan(row, jail)
      if (ban.until === null || ban.until > now) active.push(ban)
      else over.push(ban)
    }
  }
  return { active, over, left }
}

function toBan({ jail, ip, timeofban, bantime, bancount }: BanRow, definition: JailDefinition): ForeignBan {
  const at = Math.max(0, Math.round(timeofban * 1_000))
  const length = bantime ?? definition.settings.bantime
  return {
    jail,
    ip: ip.slice(0, LONGEST_IP),
    until: length < 0 ? null : endAfter(at, Math.max(0, Math.round(length))),
    past: Math.min(bancount, MOST_BANS),
    lastAt: at,
  }
}

import { endAfter, FOREVER, type EpochMs, type JailDefinition, type Seconds } from '@warder/core'
import type { ForeignBan } from '@warder/protocol/control'
import type { BanRow } from './database.ts'

/** What fail2ban's database holds, as far as it is of use. */
export interface PastBans {
  /** In force now. */
  readonly active: readonly ForeignBan[]
  /** Over, and remembered because bans may grow. */
  readonly over: readonly ForeignBan[]
  /** In force now, of jails that fail2ban runs and Warder cannot. */
  readonly waiting: readonly ForeignBan[]
  /** Of jails that are not enabled: fail2ban itself does not ban for them any more. */
  readonly left: number
}

const LONGEST_IP = 49
const MOST_BANS = 1_000_000

/**
 * Sorts the rows of the database by what they mean now. `jails`: those that are enabled, null where one cannot run here. A ban
 * is in force where fail2ban would restore it at its next start, and for as long.
 */
export function sortBans(
  rows: readonly BanRow[],
  jails: ReadonlyMap<string, JailDefinition | null>,
  now: EpochMs,
): PastBans {
  const active: ForeignBan[] = []
  const over: ForeignBan[] = []
  const waiting: ForeignBan[] = []
  let left = 0
  for (const row of rows) {
    const jail = jails.get(row.jail)
    if (jail === undefined) {
      left++
      continue
    }
    const ban = toBan(row, jail === null ? (noted(row) ?? FOREVER) : lengthLeft(row, jail))
    const isOver = ban.until !== null && ban.until <= now
    if (jail === null) waiting.push(...(isOver ? [] : [ban]))
    else if (isOver) over.push(ban)
    else active.push(ban)
  }
  return { active, over, waiting, left }
}

/** How long a ban lasts that was made by a jail: where the database does not know, as long as the jail says. */
export const lengthMade = (row: BanRow, { settings }: JailDefinition): Seconds =>
  noted(row) ?? settings.bantime

/** Bans of an older release, in a database that a newer one brought up to date, have this length. */
const UNKNOWN = -2
const noted = ({ bantime }: BanRow): Seconds | null => (bantime === UNKNOWN ? null : bantime)

/**
 * The same, as far as the jail's settings of today allow: fail2ban cuts down to its bantime what was to last longer, also for
 * ever, and growing bans to their maxtime.
 */
function lengthLeft(row: BanRow, definition: JailDefinition): Seconds {
  const made = lengthMade(row, definition)
  const most = longest(definition)
  return most >= 0 && (made === FOREVER || made > most) ? most : made
}

function longest({ settings, growth }: JailDefinition): Seconds {
  if (growth === undefined) return settings.bantime
  // What is added by chance may lie above the cap, and a ban that runs has it.
  return growth.maxtime === null ? FOREVER : growth.maxtime + growth.rndtime
}

function toBan({ jail, ip, timeofban, bancount }: BanRow, length: Seconds): ForeignBan {
  const at = Math.max(0, Math.round(timeofban * 1_000))
  return {
    jail,
    ip: ip.slice(0, LONGEST_IP),
    until: untilOf(at, length),
    past: Math.min(bancount, MOST_BANS),
    lastAt: at,
  }
}

/** Any length below zero but for ever is over at once, as in fail2ban. */
export const untilOf = (at: EpochMs, length: Seconds): EpochMs | null =>
  length === FOREVER ? null : endAfter(at, Math.max(0, Math.round(length)))

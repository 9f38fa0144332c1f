import type { Chance } from '../ban/chance.ts'
import { grownBantime, weightOf } from '../ban/growth.ts'
import type { Offences } from '../ban/offences.ts'
import type { Failed } from '../failure/failure.ts'
import type { Seconds } from '../time/epoch.ts'
import type { CompiledJail } from './compile.ts'

/** What is remembered of past bans, and the part of a ban's length that is left to chance. */
export interface Past {
  readonly offences: Offences
  readonly chance: Chance
}

/** How long a ban lasts, and which one of the address it is where bans grow. */
export interface Length {
  readonly bantime: Seconds
  /** 2 for the second; null for a first one, and where bans do not grow. */
  readonly offence: number | null
}

/** How often a failure counts: more than once for an address that a jail with growing bans has banned before it failed. */
export function weightIn({ definition, growth }: CompiledJail, failed: Failed, { offences }: Past): number {
  if (growth === null) return 1
  const { name, settings } = definition
  const lastAt = offences.lastAt(failed.ip, name)
  if (lastAt === null || failed.at <= lastAt) return 1
  return weightOf(offences.count(failed.ip, name), settings.maxretry)
}

/** How long a jail bans an address now. Where a formula has no value for it, bans last for bantime. */
export function lengthIn({ definition, growth }: CompiledJail, ip: string, past: Past): Length {
  const { name, settings } = definition
  if (growth === null) return { bantime: settings.bantime, offence: null }
  const count = past.offences.count(ip, growth.overalljails ? null : name)
  if (count === 0) return { bantime: settings.bantime, offence: null }
  const repeat = { bantime: settings.bantime, count, chance: past.chance() }
  return { bantime: grownBantime(growth, repeat) ?? settings.bantime, offence: count + 1 }
}

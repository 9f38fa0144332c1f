import type { Ban } from './ban.ts'
import { FOREVER, type EpochMs, type Seconds } from '../time/epoch.ts'
import { SETTINGS_BOUNDS } from '../jail/settings.ts'

/** When a ban from a moment on ends; null: never. Longer than the bounds of bantime is cut to them. */
export const endAfter = (from: EpochMs, bantime: Seconds): EpochMs | null =>
  bantime <= FOREVER ? null : from + Math.min(bantime, SETTINGS_BOUNDS.bantime.max) * 1000

/** A ban counts from its last failure on, as in fail2ban: what was written later came after it. */
export const beginOf = ({ at, ticket }: Pick<Ban, 'at' | 'ticket'>): EpochMs => ticket?.last ?? at

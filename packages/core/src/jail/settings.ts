import type { Seconds } from '../time/epoch.ts'
import type { SharingPolicy } from './policy.ts'

/** What an operator can tune of a jail while it runs. */
export interface JailSettings {
  readonly enabled: boolean
  /** Failures inside findtime that lead to a ban; at least 1. */
  readonly maxretry: number
  readonly findtime: Seconds
  /** Seconds, or -1 for a ban without an end. */
  readonly bantime: Seconds
  /** Whether other nodes enforce its bans too; absent: `local`. */
  readonly policy?: SharingPolicy
}

/** Part of a jail's settings: what one layer of tuning says. Keys it does not name are inherited. */
export type SettingsOverride = Partial<JailSettings>

/** fail2ban's stock values, which its users expect where nothing is said. */
export const DEFAULT_SETTINGS: JailSettings = { enabled: false, maxretry: 5, findtime: 600, bantime: 600 }

/** The bounds of the prefix by which IPv6 addresses are counted; 128: each by itself. */
export const IPV6PREFIX_BOUNDS = { min: 32, max: 128 } as const

/** How many banned neighbours may stand for all of them. */
export const AGGREGATE_BOUNDS = { min: 2, max: 256 } as const

/** The bounds of each number; a value outside is refused where it is tuned. */
export const SETTINGS_BOUNDS = {
  maxretry: { min: 1, max: 10_000 },
  findtime: { min: 1, max: 365 * 86_400 },
  bantime: { min: 1, max: 10 * 365 * 86_400 },
} as const

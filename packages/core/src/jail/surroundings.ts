import type { BanList } from '../ban/ban-list.ts'
import type { IgnoredLog } from './ignored-log.ts'
import type { NeverBanned } from './ignore.ts'
import type { Past } from './recurrence.ts'

/** What the jails of a node have in common. */
export interface Surroundings extends Past {
  readonly bans: BanList
  readonly never: NeverBanned
  readonly ignored: IgnoredLog
  /** For so long after a ban failures are taken to have been on their way when it was made, and do not extend it. */
  readonly onTheWayMs: number
  /** Whether the bans in force keep the log lines and users of their tickets. */
  readonly keepsEvidence: boolean
}

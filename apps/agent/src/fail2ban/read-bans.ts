import type { EpochMs } from '@warder/core'
import { BanDatabase } from './database.ts'
import type { Installation } from './installation.ts'
import { sortBans, type PastBans } from './past-bans.ts'

/** What the database of an installation holds at this moment. @throws DatabaseError */
export function readBans(path: string, { jails }: Installation, now: EpochMs): PastBans {
  using open = new BanDatabase(path)
  return sortBans(open.bans(), new Map(jails.map(({ name, definition }) => [name, definition])), now)
}

import type { Ban } from '@warder/core'
import { banSchema } from '@warder/protocol'
import type { Db } from './open.ts'

/** The bans that are wanted, in force or not yet. */
export interface Bans {
  put(ban: Ban): void
  remove(jail: string, ip: string): void
  all(): readonly Ban[]
}

export function bansStore(db: Db): Bans {
  const put = db.prepare(
    'INSERT INTO bans (jail, ip, ban) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET ban = excluded.ban',
  )
  const remove = db.prepare('DELETE FROM bans WHERE jail = ? AND ip = ?')
  const all = db.prepare<[], string>('SELECT ban FROM bans').pluck()
  return {
    put: (ban) => void put.run(ban.jail, ban.ip, JSON.stringify(ban)),
    remove: (jail, ip) => void remove.run(jail, ip),
    all: () => all.all().flatMap(toBan),
  }
}

function toBan(text: string): readonly Ban[] {
  const checked = banSchema.safeParse(JSON.parse(text))
  return checked.success ? [checked.data] : []
}

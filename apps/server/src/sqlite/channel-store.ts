import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'
import type { Secrets, Settings } from '../notifications/channel/kinds.ts'
import type { Vault } from '../notifications/vault.ts'
import type { ChannelRow, NewChannel, ChannelStore } from '../notifications/channel-store.ts'

/** Channels, their secrets sealed. */
export function channelStore(db: Db, vault: Vault): ChannelStore {
  type Row = Omit<ChannelRow, 'enabled' | 'settings' | 'secretNames' | 'secrets'> & {
    enabled: number
    settings: string
    secretNames: string
    secrets: string
  }
  const COLUMNS = 'id, kind, name, enabled, settings, secret_names AS secretNames, secrets'
  const all = db.prepare<[], Row>(`SELECT ${COLUMNS} FROM channels ORDER BY id`)
  const byId = db.prepare<[number], Row>(`SELECT ${COLUMNS} FROM channels WHERE id = ?`)
  const add = db.prepare<[string, string, number, string, string, string]>(
    'INSERT INTO channels (kind, name, enabled, settings, secret_names, secrets) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const change = db.prepare<[string, string, number, string, string, string, number]>(
    'UPDATE channels SET kind = ?, name = ?, enabled = ?, settings = ?, secret_names = ?, secrets = ? WHERE id = ?',
  )
  const remove = db.prepare<[number]>('DELETE FROM channels WHERE id = ?')

  const read = (row: Row): ChannelRow => {
    const secrets = vault.open(row.secrets)
    return {
      ...row,
      enabled: row.enabled === 1,
      settings: fromText<Settings>(row.settings),
      secretNames: fromText<string[]>(row.secretNames),
      secrets: secrets === null ? null : fromText<Secrets>(secrets),
    }
  }
  const columns = ({ kind, name, enabled, settings, secrets }: NewChannel) =>
    [
      kind,
      name,
      enabled ? 1 : 0,
      toText(settings),
      toText(Object.keys(secrets)),
      vault.seal(toText(secrets)),
    ] as const
  return {
    all: (): readonly ChannelRow[] => all.all().map(read),
    byId(id: number): ChannelRow | null {
      const row = byId.get(id)
      return row ? read(row) : null
    },
    add: (channel: NewChannel): number => Number(add.run(...columns(channel)).lastInsertRowid),
    change: (id: number, channel: NewChannel) => void change.run(...columns(channel), id),
    remove: (id: number) => void remove.run(id),
  }
}

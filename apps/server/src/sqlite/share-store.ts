import type { EpochMs } from '@warder/core'
import { NEVER_ENDS } from './ban-store.ts'
import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'
import type { OwnBan } from '../sharing/decide.ts'
import type { Lift } from '../sharing/lifted.ts'
import type { ShareRow, ShareBody, ShareStore } from '../sharing/store.ts'

interface Stored extends Omit<ShareRow, 'until' | 'body'> {
  readonly until: EpochMs
  readonly body: string
}

const read = ({ until, body, ...rest }: Stored): ShareRow => ({
  ...rest,
  until: until === NEVER_ENDS ? null : until,
  body: fromText<ShareBody>(body),
})

/** The statements whose plans are proved to use an index. */
export const SHARE_SQL = {
  inForce: 'SELECT * FROM shares WHERE cluster = ? AND until > ? ORDER BY until DESC LIMIT ?',
  own: `SELECT node_id AS nodeId, nodes.name AS node, COALESCE(renewed_at, bans.at) AS at, until FROM bans JOIN nodes ON nodes.id = bans.node_id
    WHERE ip = ? AND jail = ? AND origin = 'detected' AND COALESCE(nodes.cluster, '') = ? AND removed_at IS NULL
    AND (ended IS NULL OR ended = 'expired') AND until > ?`,
} as const

/** Shares, and lifts that meant every node. */
export function shareStore(db: Db): ShareStore {
  const at = db.prepare<[string, string, string], Stored>(
    'SELECT * FROM shares WHERE cluster = ? AND jail = ? AND ip = ?',
  )
  const inForce = db.prepare<[string, EpochMs, number], Stored>(SHARE_SQL.inForce)
  const everywhere = db.prepare<[EpochMs], Stored>('SELECT * FROM shares WHERE until > ? ORDER BY seq')
  const count = db.prepare<[string, EpochMs], { n: number }>(
    'SELECT COUNT(*) AS n FROM shares WHERE cluster = ? AND until > ?',
  )
  const add = db.prepare<[string, string, string, string, EpochMs, EpochMs, string]>(
    'INSERT INTO shares (id, cluster, jail, ip, at, until, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const remove = db.prepare<[string, string, string]>(
    'DELETE FROM shares WHERE cluster = ? AND jail = ? AND ip = ?',
  )
  const own = db.prepare<[string, string, string, EpochMs], OwnBan>(SHARE_SQL.own)
  const addLift = db.prepare<[string, string | null, EpochMs]>(
    'INSERT INTO lifts (ip, jail, issued_at) VALUES (?, ?, ?)',
  )
  const lifts = db.prepare<[], Lift>('SELECT ip, jail, issued_at AS issuedAt FROM lifts ORDER BY seq')
  const forgetLifts = db.prepare<[EpochMs]>('DELETE FROM lifts WHERE issued_at < ?')
  const forget = db.prepare<[EpochMs]>('DELETE FROM shares WHERE until < ?')
  return {
    find(cluster: string, jail: string, ip: string): ShareRow | null {
      const row = at.get(cluster, jail, ip)
      return row === undefined ? null : read(row)
    },
    inForce: (cluster: string, now: EpochMs, most: number): readonly ShareRow[] =>
      inForce.all(cluster, now, most).map(read),
    everywhere: (now: EpochMs): readonly ShareRow[] => everywhere.all(now).map(read),
    count: (cluster: string, now: EpochMs): number => count.get(cluster, now)?.n ?? 0,
    put(share: Omit<ShareRow, 'seq'>): void {
      remove.run(share.cluster, share.jail, share.ip)
      const { id, cluster, jail, ip, until } = share
      add.run(id, cluster, jail, ip, share.at, until ?? NEVER_ENDS, toText(share.body))
    },
    remove: ({ cluster, jail, ip }: Pick<ShareRow, 'cluster' | 'jail' | 'ip'>) =>
      void remove.run(cluster, jail, ip),
    own: (cluster: string, jail: string, ip: string, after: EpochMs): readonly OwnBan[] =>
      own
        .all(ip, jail, cluster, after)
        .map((ban) => ({ ...ban, until: ban.until === NEVER_ENDS ? null : ban.until })),
    addLift: ({ ip, jail, issuedAt }: Lift) => void addLift.run(ip, jail, issuedAt),
    lifts: (): readonly Lift[] => lifts.all(),
    forget(before: EpochMs, liftsBefore: EpochMs): void {
      forget.run(before)
      forgetLifts.run(liftsBefore)
    },
  }
}

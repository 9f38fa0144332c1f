import type { EpochMs, Ticket } from '@warder/core'
import { NEVER_ENDS } from '../bans/store.ts'
import { fromText, toText } from '../db/document.ts'
import type { Db } from '../db/open.ts'
import type { OwnBan } from './decide.ts'
import type { Lift } from './lifted.ts'

/** A ban that every node of a cluster is to enforce. */
export interface ShareRow {
  readonly seq: number
  readonly id: string
  /** Empty: the nodes without one. */
  readonly cluster: string
  readonly jail: string
  readonly ip: string
  readonly at: EpochMs
  readonly until: EpochMs | null
  readonly body: ShareBody
}

/** What travels along, and to whom not. */
export interface ShareBody {
  /** Names of the nodes that saw what it is for. */
  readonly nodes: readonly string[]
  /** Nodes that made the ban by themselves: they are not told. */
  readonly own: readonly number[]
  readonly policy: string
  readonly ticket?: Ticket
}

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
  own: `SELECT node_id AS nodeId, nodes.name AS node, bans.at, until FROM bans JOIN nodes ON nodes.id = bans.node_id
    WHERE ip = ? AND jail = ? AND origin = 'detected' AND COALESCE(nodes.cluster, '') = ? AND removed_at IS NULL
    AND (ended IS NULL OR ended = 'expired') AND until > ?`,
} as const

export type ShareStore = ReturnType<typeof shareStore>

/** Shares, and lifts that meant every node. */
export function shareStore(db: Db) {
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
    /** The share of a target, in force or over. */
    find(cluster: string, jail: string, ip: string): ShareRow | null {
      const row = at.get(cluster, jail, ip)
      return row === undefined ? null : read(row)
    },
    /** At most so many shares that are in force in a cluster, those that last longest first. */
    inForce: (cluster: string, now: EpochMs, most: number): readonly ShareRow[] =>
      inForce.all(cluster, now, most).map(read),
    /** All that are in force. */
    everywhere: (now: EpochMs): readonly ShareRow[] => everywhere.all(now).map(read),
    count: (cluster: string, now: EpochMs): number => count.get(cluster, now)?.n ?? 0,
    /** Puts a share in the place of the one that was there. */
    put(share: Omit<ShareRow, 'seq'>): void {
      remove.run(share.cluster, share.jail, share.ip)
      const { id, cluster, jail, ip, until } = share
      add.run(id, cluster, jail, ip, share.at, until ?? NEVER_ENDS, toText(share.body))
    },
    remove: ({ cluster, jail, ip }: Pick<ShareRow, 'cluster' | 'jail' | 'ip'>) =>
      void remove.run(cluster, jail, ip),
    /** Bans of a target that nodes of a cluster made by themselves, that nobody lifted and that ended after a moment. */
    own: (cluster: string, jail: string, ip: string, after: EpochMs): readonly OwnBan[] =>
      own
        .all(ip, jail, cluster, after)
        .map((ban) => ({ ...ban, until: ban.until === NEVER_ENDS ? null : ban.until })),
    addLift: ({ ip, jail, issuedAt }: Lift) => void addLift.run(ip, jail, issuedAt),
    lifts: (): readonly Lift[] => lifts.all(),
    /** Forgets shares that are over, and lifts from before a moment. */
    forget(before: EpochMs, liftsBefore: EpochMs): void {
      forget.run(before)
      forgetLifts.run(liftsBefore)
    },
  }
}

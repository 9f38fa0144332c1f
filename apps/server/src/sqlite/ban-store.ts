import type { Ban, EpochMs, SharedFrom, Ticket } from '@warder/core'
import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'
import { rangeOf } from '../bans/range.ts'
import type { Ending, BanRow, BanPlace, ActiveBan, BanStore } from '../bans/store.ts'

/** The `until` of a ban without an end: beyond every clock, so that "active" is one comparison. */
export const NEVER_ENDS = 9_000_000_000_000_000

interface StoredBan {
  readonly id: number
  readonly node: string
  readonly jail: string
  readonly ip: string
  readonly at: EpochMs
  readonly until: EpochMs
  readonly origin: Ban['origin']
  readonly byWhom: string | null
  readonly reason: string | null
  readonly ticket: string | null
  readonly sharedFrom: string | null
  readonly endedAt: EpochMs | null
  readonly ended: Ending['how'] | null
  readonly endedBy: string | null
}

export const BAN_COLUMNS = `bans.id, nodes.name AS node, jail, ip, at, until, origin, by_whom AS byWhom, reason, ticket,
  shared_from AS sharedFrom, ended_at AS endedAt, ended, ended_by AS endedBy`

/** The statements whose plans are proved to use an index. */
export const BAN_SQL = {
  open: 'SELECT id FROM bans WHERE ip = ? AND node_id = ? AND jail = ? AND ended_at IS NULL',
  activeByJail: `SELECT jail, COUNT(*) AS n FROM bans WHERE node_id = ? AND ended_at IS NULL AND until > ? GROUP BY jail`,
  activeInside: `SELECT bans.id, node_id AS nodeId, jail, ip, COALESCE(renewed_at, at) AS madeAt, until FROM bans
    WHERE first_address >= ? AND first_address <= ? AND last_address <= ? AND ended_at IS NULL AND until > ?`,
  detected: `SELECT ${BAN_COLUMNS} FROM bans JOIN nodes ON nodes.id = bans.node_id
    WHERE ended_at IS NULL AND until > ? AND origin = 'detected'`,
  counts:
    'SELECT COUNT(*) AS bans, COUNT(DISTINCT ip) AS addresses FROM bans WHERE ended_at IS NULL AND until > ?',
  endOld: `UPDATE bans SET ended_at = until, ended = 'expired' WHERE ended_at IS NULL AND until < ?`,
  forget: 'DELETE FROM bans WHERE id IN (SELECT id FROM bans WHERE ended_at < ? ORDER BY ended_at LIMIT ?)',
  nthEnded: `SELECT ended_at AS "at" FROM bans WHERE ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1 OFFSET ?`,
} as const

/** Stored columns → a ban in history. */
export function readBan(row: StoredBan): BanRow {
  return {
    id: row.id,
    node: row.node,
    ban: {
      jail: row.jail,
      ip: row.ip,
      at: row.at,
      until: row.until === NEVER_ENDS ? null : row.until,
      origin: row.origin,
      ...(row.ticket === null ? {} : { ticket: fromText<Ticket>(row.ticket) }),
      ...(row.byWhom === null ? {} : { by: row.byWhom }),
      ...(row.reason === null ? {} : { reason: row.reason }),
      ...(row.sharedFrom === null ? {} : { from: fromText<SharedFrom>(row.sharedFrom) }),
    },
    ending:
      row.endedAt === null || row.ended === null
        ? null
        : { at: row.endedAt, how: row.ended, by: row.endedBy },
  }
}

/** What a search by a part of something looks into. */
const wordsOf = (ban: Ban): string =>
  [ban.ip, ban.jail, ...(ban.ticket?.users ?? [])].join('\n').toLowerCase()

/** Bans, one row for each from its beginning to its end. */
export function banStore(db: Db): BanStore {
  type Columns = [
    number,
    string,
    string,
    string,
    string,
    EpochMs,
    EpochMs,
    string,
    string | null,
    string | null,
    string | null,
    string | null,
    string,
  ]
  const add = db.prepare<Columns>(
    `INSERT INTO bans (node_id, jail, ip, first_address, last_address, at, until, origin, by_whom, reason, ticket, shared_from, words)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const open = db.prepare<[string, number, string], { id: number }>(BAN_SQL.open)
  const renew = db.prepare<
    [EpochMs, EpochMs, string, string | null, string | null, string | null, string | null, string, number]
  >(
    'UPDATE bans SET renewed_at = ?, until = ?, origin = ?, by_whom = ?, reason = ?, ticket = ?, shared_from = ?, words = ? WHERE id = ?',
  )
  const end = db.prepare<[EpochMs, string, string | null, number]>(
    'UPDATE bans SET ended_at = ?, ended = ?, ended_by = ? WHERE id = ?',
  )
  const endAll = db.prepare<[EpochMs, string | null, number]>(
    `UPDATE bans SET ended_at = ?, ended = 'lifted', ended_by = ? WHERE node_id = ? AND ended_at IS NULL`,
  )
  const byJail = db.prepare<[number, EpochMs], { jail: string; n: number }>(BAN_SQL.activeByJail)
  const inside = db.prepare<[string, string, string, EpochMs], ActiveBan>(BAN_SQL.activeInside)
  const counts = db.prepare<[EpochMs], { bans: number; addresses: number }>(BAN_SQL.counts)
  const endOld = db.prepare<[EpochMs]>(BAN_SQL.endOld)
  const forget = db.prepare<[EpochMs, number]>(BAN_SQL.forget)
  const nthEnded = db.prepare<[number], { at: EpochMs }>(BAN_SQL.nthEnded)
  const detected = db.prepare<[EpochMs], StoredBan>(BAN_SQL.detected)
  const details = (
    ban: Ban,
  ): [string, string | null, string | null, string | null, string | null, string] => [
    ban.origin,
    ban.by ?? null,
    ban.reason ?? null,
    ban.ticket === undefined ? null : toText(ban.ticket),
    ban.from === undefined ? null : toText(ban.from),
    wordsOf(ban),
  ]
  return {
    openAt: ({ nodeId, jail, ip }: BanPlace): number | null => open.get(ip, nodeId, jail)?.id ?? null,
    add(nodeId: number, ban: Ban): void {
      const range = rangeOf(ban.ip)
      add.run(
        nodeId,
        ban.jail,
        ban.ip,
        range?.first ?? '',
        range?.last ?? '',
        ban.at,
        ban.until ?? NEVER_ENDS,
        ...details(ban),
      )
    },
    renew: (id: number, ban: Ban) => void renew.run(ban.at, ban.until ?? NEVER_ENDS, ...details(ban), id),
    end: (id: number, ending: Ending) => void end.run(ending.at, ending.how, ending.by, id),
    endAllOf: (nodeId: number, at: EpochMs, by: string) => void endAll.run(at, by, nodeId),
    activeByJail: (nodeId: number, now: EpochMs): ReadonlyMap<string, number> =>
      new Map(byJail.all(nodeId, now).map(({ jail, n }) => [jail, n])),
    activeInside(target: string, now: EpochMs): readonly ActiveBan[] {
      const range = rangeOf(target)
      return range === null ? [] : inside.all(range.first, range.last, range.last, now)
    },
    *detected(now: EpochMs): Iterable<BanRow> {
      for (const row of detected.iterate(now)) yield readBan(row)
    },
    counts: (now: EpochMs) => counts.get(now) ?? { bans: 0, addresses: 0 },
    endOld: (before: EpochMs) => void endOld.run(before),
    forget: (before: EpochMs, limit: number): number => forget.run(before, limit).changes,
    rankedAt: (rows: number): EpochMs | null => nthEnded.get(rows)?.at ?? null,
  }
}

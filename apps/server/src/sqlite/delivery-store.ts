import type { EpochMs } from '@warder/core'
import type { DeliveryView } from '@warder/protocol/api'
import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'
import { Where, type SqlValue } from './where.ts'
import type { Place } from '../http/cursor.ts'
import type { Notification } from '../notifications/notification.ts'
import type { DueDelivery, Tried, DeliveryStore } from '../notifications/delivery-store.ts'

/** The log of deliveries, which is also the queue of those to come: it survives a restart. */
export function deliveryStore(db: Db): DeliveryStore {
  type Row = Omit<DeliveryView, 'severity' | 'title' | 'text'> & { notification: string }
  const COLUMNS =
    'id, at, channel, notification, state, attempts, problem, next_at AS nextAt, finished_at AS finishedAt'
  const add = db.prepare<[EpochMs, number, string, string, EpochMs]>(
    `INSERT INTO deliveries (at, channel_id, channel, notification, state, attempts, next_at)
     VALUES (?, ?, ?, ?, 'waiting', 0, ?)`,
  )
  const note = db.prepare<[EpochMs, number, string, string, string, string | null, EpochMs]>(
    `INSERT INTO deliveries (at, channel_id, channel, notification, state, attempts, problem, finished_at)
     VALUES (?, ?, ?, ?, ?, 1, ?, ?)`,
  )
  const due = db.prepare<[EpochMs, number], Omit<DueDelivery, 'notification'> & { notification: string }>(
    `SELECT id, channel_id AS channelId, notification, attempts FROM deliveries
     WHERE next_at IS NOT NULL AND next_at <= ? ORDER BY next_at, id LIMIT ?`,
  )
  const tried = db.prepare<[string, number, string | null, EpochMs | null, EpochMs | null, number]>(
    'UPDATE deliveries SET state = ?, attempts = ?, problem = ?, next_at = ?, finished_at = ? WHERE id = ?',
  )
  const waiting = db.prepare<[number], { n: number }>(
    'SELECT COUNT(*) AS n FROM deliveries WHERE channel_id = ? AND next_at IS NOT NULL',
  )
  const dropOldest = db.prepare<[string, EpochMs, number, number]>(
    `UPDATE deliveries SET state = 'dropped', problem = ?, next_at = NULL, finished_at = ?
     WHERE id IN (SELECT id FROM deliveries WHERE channel_id = ? AND next_at IS NOT NULL ORDER BY id LIMIT ?)`,
  )
  const last = db.prepare<[number], { at: EpochMs; state: DeliveryView['state']; problem: string | null }>(
    `SELECT COALESCE(finished_at, at) AS at, state, problem FROM deliveries WHERE channel_id = ? ORDER BY id DESC LIMIT 1`,
  )
  const forgetOld = db.prepare<[EpochMs]>('DELETE FROM deliveries WHERE next_at IS NULL AND at < ?')
  const forgetMany = db.prepare<[number]>(
    `DELETE FROM deliveries WHERE next_at IS NULL AND id <=
       (SELECT id FROM deliveries ORDER BY id DESC LIMIT 1 OFFSET ?)`,
  )

  const read = ({ notification, ...row }: Row): DeliveryView => {
    const { severity, title, text } = fromText<Notification>(notification)
    return { ...row, severity, title, text }
  }
  return {
    add: (to: { id: number; name: string }, notification: Notification, at: EpochMs): void =>
      void add.run(at, to.id, to.name, toText(notification), at),
    note: (
      to: { id: number; name: string },
      notification: Notification,
      { state, problem, at }: Pick<Tried, 'state' | 'problem' | 'at'>,
    ): void => void note.run(at, to.id, to.name, toText(notification), state, problem, at),
    due: (now: EpochMs, limit: number): readonly DueDelivery[] =>
      due.all(now, limit).map((row) => ({ ...row, notification: fromText<Notification>(row.notification) })),
    tried: (id: number, { state, attempts, problem, nextAt, at }: Tried): void =>
      void tried.run(state, attempts, problem, nextAt, nextAt === null ? at : null, id),
    waiting: (channelId: number): number => waiting.get(channelId)?.n ?? 0,
    dropOldest: (channelId: number, count: number, { problem, at }: { problem: string; at: EpochMs }): void =>
      void dropOldest.run(problem, at, channelId, count),
    last: (channelId: number) => last.get(channelId) ?? null,
    page(
      filter: { readonly channel?: number | undefined; readonly state?: string | undefined },
      after: Place | null,
      limit: number,
    ): DeliveryView[] {
      const where = new Where()
      if (filter.channel !== undefined) where.and('channel_id = ?', filter.channel)
      if (filter.state !== undefined) where.and('state = ?', filter.state)
      if (after !== null) where.and('id < ?', after.id)
      return db
        .prepare<SqlValue[], Row>(`SELECT ${COLUMNS} FROM deliveries ${where.sql} ORDER BY id DESC LIMIT ?`)
        .all(...where.params, limit)
        .map(read)
    },
    forget(before: EpochMs, keep: number): void {
      forgetOld.run(before)
      forgetMany.run(keep)
    },
  }
}

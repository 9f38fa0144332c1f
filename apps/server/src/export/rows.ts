import type { BanView, EventView } from '@warder/protocol/api'
import { row, type Cell } from './csv.ts'

/** How rows are written. */
export type Form = 'ndjson' | 'csv'

/** What is written of one kind of row: the names of the columns, and their values. */
export interface Columns<T> {
  readonly names: readonly string[]
  readonly of: (value: T) => readonly Cell[]
}

const moment = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

export const BAN_COLUMNS: Columns<BanView> = {
  names: [
    ...['id', 'node', 'jail', 'ip', 'at', 'until', 'active', 'ended_at', 'ended', 'ended_by', 'origin', 'by'],
    ...['reason', 'failures', 'why'],
  ],
  of: (ban) => [
    ban.id,
    ban.node,
    ban.jail,
    ban.ip,
    moment(ban.at),
    moment(ban.until),
    ban.active,
    moment(ban.endedAt),
    ban.ended,
    ban.endedBy,
    ban.origin,
    ban.by,
    ban.reason,
    ban.ticket?.failures ?? null,
    ban.why,
  ],
}

const textIn = (event: EventView['event'], key: string): string | null => {
  const value = Object.entries(event).find(([name]) => name === key)?.[1]
  return typeof value === 'string' ? value : null
}

export const EVENT_COLUMNS: Columns<EventView> = {
  names: ['seq', 'node', 'at', 'kind', 'jail', 'ip', 'user', 'reason', 'line'],
  of: ({ seq, node, at, event }) => {
    const ban = 'ban' in event ? event.ban : null
    return [
      seq,
      node,
      moment(at),
      event.kind,
      ban?.jail ?? textIn(event, 'jail'),
      ban?.ip ?? textIn(event, 'ip'),
      textIn(event, 'user'),
      textIn(event, 'reason'),
      textIn(event, 'line'),
    ]
  },
}

/** The rows of pages as text, page by page. `toView`: what is shown of a stored row. */
export async function* written<R, T>(
  pages: Iterable<readonly R[]>,
  form: Form,
  columns: Columns<T> & { readonly toView: (stored: R) => T },
): AsyncGenerator<string> {
  if (form === 'csv') yield row(columns.names)
  for (const page of pages) {
    yield page
      .map(columns.toView)
      .map((each) => (form === 'csv' ? row(columns.of(each)) : `${JSON.stringify(each)}\n`))
      .join('')
    // Others get their turn between two pages.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

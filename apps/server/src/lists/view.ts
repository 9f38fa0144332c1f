import { LISTS_SINCE } from '@warder/protocol'
import type { ListView, ListsView } from '@warder/protocol/api'
import type { NodeRow, StatusRow } from '../nodes/store.ts'
import type { ListRow, ListState } from './store.ts'

/** A list → what the API shows of it. */
export function listViewOf(list: ListRow, entries: number): ListView {
  const { name, kind, note, createdAt, createdBy, changedAt, changedBy, url, hours } = list
  const { triedAt, fetchedAt, trouble, bad, misread } = list
  const source =
    url === null
      ? null
      : { url, hours, triedAt, fetchedAt, trouble, bad, misread: misread.map((each) => ({ ...each })) }
  return { name, kind, note, entries, createdAt, createdBy, changedAt, changedBy, source }
}

/** How a node stands to the lists. `version`: of its link; null while it is away. */
export function listsNodeOf(
  node: NodeRow,
  report: StatusRow | null,
  { state, version }: { state: ListState; version: number | null },
): ListsView['nodes'][number] {
  const held = report?.status.lists
  const isOld = held === undefined && (version === null ? report !== null : version < LISTS_SINCE)
  const applied = held === undefined ? state.revision === 0 : held.stamp === state.stamp
  return {
    node: node.name,
    state: isOld ? 'old' : applied ? 'applied' : 'pending',
    refused: held?.refused ?? 0,
  }
}

import { PART_ENTRIES, type ListsPart, type NodeList } from '@warder/protocol'
import type { EntryRow } from './entry-store.ts'
import type { ListRow, ListState } from './store.ts'

/** A list with what is on it. */
export interface FullList {
  readonly list: Pick<ListRow, 'kind' | 'name'>
  readonly entries: readonly Pick<EntryRow, 'ip' | 'until'>[]
}

/** Lists → the parts in which they go over the link; at least one, so that "no lists" can be said too. */
export function partsOf({ revision, stamp }: ListState, full: readonly FullList[]): readonly ListsPart[] {
  const parts: NodeList[][] = [[]]
  let room = PART_ENTRIES
  for (const { list, entries } of full) {
    for (let from = 0; from < entries.length;) {
      if (room === 0) {
        parts.push([])
        room = PART_ENTRIES
      }
      const some = entries.slice(from, from + room)
      parts.at(-1)?.push(nodeListOf(list, some))
      from += some.length
      room -= some.length
    }
  }
  return parts.map((lists, at) => ({ revision, stamp, lists, part: at + 1, parts: parts.length }))
}

function nodeListOf({ kind, name }: FullList['list'], entries: FullList['entries']): NodeList {
  const targets: string[] = []
  const ending: { ip: string; until: number }[] = []
  for (const { ip, until } of entries) {
    if (until === null) targets.push(ip)
    else ending.push({ ip, until })
  }
  return { kind, name, targets, ending }
}

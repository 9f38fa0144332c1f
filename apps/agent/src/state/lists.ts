import { wantedLists, type WantedLists } from '@warder/protocol'
import { NO_LISTS, type LocalAllowed } from '../lists/held.ts'
import type { Facts } from './facts.ts'

/** The lists of the server that were applied last, and who is allowed here only: they hold without the server. */
export interface SavedLists {
  get(): WantedLists
  put(lists: WantedLists): void
  local(): readonly LocalAllowed[]
  putLocal(allowed: readonly LocalAllowed[]): void
}

export function listsStore(facts: Facts): SavedLists {
  return {
    get() {
      const saved = facts.get('lists')
      const checked = saved === null ? null : wantedLists.safeParse(JSON.parse(saved))
      return checked?.success ? checked.data : NO_LISTS
    },
    put: (lists) => facts.set('lists', JSON.stringify(lists)),
    // Written by this release only, after the command line was checked.
    local: () => JSON.parse(facts.get('allowed') ?? '[]') as readonly LocalAllowed[],
    putLocal: (allowed) => facts.set('allowed', allowed.length === 0 ? null : JSON.stringify(allowed)),
  }
}

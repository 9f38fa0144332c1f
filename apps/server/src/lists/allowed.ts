import type { EpochMs } from '@warder/core'
import type { EntryStore } from './entry-store.ts'
import type { ListStore } from './store.ts'

/** What the allow lists name now. */
export const allowedNow = (
  { lists, entries }: { readonly lists: ListStore; readonly entries: EntryStore },
  now: EpochMs,
): readonly string[] =>
  lists
    .all()
    .filter(({ kind }) => kind === 'allow')
    .flatMap(({ id }) => entries.ofList(id, now).map(({ ip }) => ip))

import type { JailView } from '@warder/protocol/api'
import { t } from '../../language/t.ts'

/** The source id of the systemd journal. */
const JOURNAL = 'journal'

/** Something that lines can be taken from. */
export interface SourceChoice {
  readonly value: string
  readonly label: string
  readonly id: string
  /** Of the journal: only what this jail reads. */
  readonly jail: string | null
}

/**
 * What lines can be taken from on a node, those first that jails of the picked filter read. Of the journal one jail's
 * part is offered for each jail that reads it, and all of it.
 */
export function sourcesOf(jails: readonly JailView[], picked: readonly string[]): readonly SourceChoice[] {
  const readers = jails.toSorted(
    (one, other) => Number(picked.includes(other.jail)) - Number(picked.includes(one.jail)),
  )
  const found = new Map<string, SourceChoice>()
  const add = (choice: SourceChoice): void => {
    if (!found.has(choice.value)) found.set(choice.value, choice)
  }
  for (const { jail, sources } of readers) {
    for (const id of sources) {
      if (id === JOURNAL) {
        add({ value: `${id} ${jail}`, label: t('journal, what {jail} reads', { jail }), id, jail })
      } else add({ value: id, label: id, id, jail: null })
    }
  }
  const all = jails.filter(({ sources }) => sources.includes(JOURNAL)).length
  if (all > 1) add({ value: JOURNAL, label: t('journal, what all jails read'), id: JOURNAL, jail: null })
  return [...found.values()]
}

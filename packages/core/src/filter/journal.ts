import type { JournalFields } from '../line/line.ts'
import type { JournalMatch, JournalMatchGroup } from './definition.ts'

/** A field that is named twice may have either value, so a term holds when any term of its field does. */
const groupHolds = (group: JournalMatchGroup, fields: JournalFields): boolean =>
  group.every(([field]) => group.some(([other, value]) => other === field && fields[field] === value))

/** Whether a journal entry belongs to a journalmatch: one of its groups holds, or it has none. */
export const matchesJournal = (match: JournalMatch, fields: JournalFields): boolean =>
  match.length === 0 || match.some((group) => groupHolds(group, fields))

import type { TimeRange } from '../routes.ts'
import { rangeBefore } from './range.ts'

/** What a range is compared with: the time before it, the same time of another day, or a range of one's own. */
export type Against = 'none' | 'before' | 'day' | 'week' | 'own'

const DAY_MS = 86_400_000
const back = ({ from, to }: TimeRange, ms: number): TimeRange => ({ from: from - ms, to: to - ms })
const isSame = (one: TimeRange, other: TimeRange): boolean => one.from === other.from && one.to === other.to

/** The other range; a range of one's own begins with the time before, to be changed from there. */
export function otherOf(against: Against, range: TimeRange): TimeRange | null {
  if (against === 'none') return null
  if (against === 'day') return back(range, DAY_MS)
  if (against === 'week') return back(range, 7 * DAY_MS)
  return rangeBefore(range)
}

/** Which of the choices two ranges are. */
export function againstOf(range: TimeRange, other: TimeRange | null): Against {
  if (other === null) return 'none'
  const usual = (['before', 'day', 'week'] as const).find((against) => {
    const made = otherOf(against, range)
    return made !== null && isSame(made, other)
  })
  return usual ?? 'own'
}

/** The other range when the first is another one now: it goes along, unless it was chosen for itself. */
export const keptWith = (before: TimeRange, other: TimeRange | null, now: TimeRange): TimeRange | null => {
  const against = againstOf(before, other)
  return against === 'own' ? other : otherOf(against, now)
}

/** A moment as a field of the browser for local times takes it: `2026-11-20T14:00`. */
export function typedMoment(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** Two such fields → a range; null: one is empty, or it does not end behind its beginning. */
export function readRange(from: string, to: string): TimeRange | null {
  const range = { from: new Date(from).getTime(), to: new Date(to).getTime() }
  return range.from >= 0 && range.to > range.from ? range : null
}

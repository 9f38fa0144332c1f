import { JOURNAL } from '@warder/core'
import type { Question } from '@warder/protocol'
import type { Reading } from '../settings/listen.ts'
import type { Tail } from '../source/source.ts'

/**
 * What to read for a question about lines. Null: no jail (or not the one named) reads that source, and what no jail
 * reads is nobody's business.
 */
export function tailOf(
  { source, jail, limit }: Extract<Question, { kind: 'lines' }>,
  readings: readonly Reading[],
): Tail | null {
  const readers = readings.filter(
    (reading) => reading.sources.includes(source) && (jail === undefined || reading.jail === jail),
  )
  if (readers.length === 0) return null
  const matches = source === JOURNAL ? readers.map(({ journalmatch }) => journalmatch) : []
  return { source, matches, limit }
}

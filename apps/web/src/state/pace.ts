import type { NodeView } from '@warder/protocol/api'

/** What a node had read of each source, as it told at a moment (ms). */
export interface Reading {
  readonly at: number
  /** Lines since its agent started, by source. */
  readonly lines: ReadonlyMap<string, number>
}

/** How far back lines are counted together, in ms: a node tells at least every 15 s. */
const WINDOW_MS = 60_000
/** Two readings that are closer than this say little. */
const CLOSEST_MS = 2_000

/** The readings with one more, oldest first: those within a minute, and the last one before it. */
export function withReading(
  readings: readonly Reading[],
  sources: NodeView['sources'],
  at: number,
): readonly Reading[] {
  const next: Reading = { at, lines: new Map(sources.map(({ id, lines }) => [id, lines])) }
  const from = readings.findLastIndex((one) => one.at <= at - WINDOW_MS)
  return [...readings.slice(Math.max(0, from)), next]
}

/** How many lines of a source were read in a second lately; null: too little is known to say. */
export function linesPerSecond(readings: readonly Reading[], id: string): number | null {
  const last = readings.at(-1)
  const now = last?.lines.get(id)
  if (last === undefined || now === undefined) return null
  // An agent that started anew counts from nothing.
  const restarted = readings.findLastIndex((one) => (one.lines.get(id) ?? Infinity) > now)
  const first = readings[restarted + 1]
  if (first === undefined || last.at - first.at < CLOSEST_MS) return null
  return (now - (first.lines.get(id) ?? now)) / ((last.at - first.at) / 1_000)
}

/** How many lines of a source were read in a second on the whole, since its agent started; null: not known. */
export function linesPerSecondSince(
  startedAt: number | null,
  toldAt: number | null,
  lines: number,
): number | null {
  if (startedAt === null || toldAt === null || toldAt - startedAt < CLOSEST_MS) return null
  return lines / ((toldAt - startedAt) / 1_000)
}

import type { PortRange } from '@warder/core'

/** Ports as ranges in order, those that touch or overlap together: nft refuses ranges that overlap in one set. */
export function mergeRanges(ports: readonly PortRange[]): readonly (readonly [number, number])[] {
  const merged: [number, number][] = []
  const ranges = ports.map((port): readonly [number, number] =>
    typeof port === 'number' ? [port, port] : port,
  )
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

import type { EventView, TimelineView } from '@warder/protocol/api'

/** The timeline with one more event in it; the window moves on when the event is newer than its end. */
export function addToTimeline(timeline: TimelineView, { node, at, event }: EventView): TimelineView {
  const failures = event.kind === 'failure.found' ? 1 : 0
  const bans = event.kind === 'ban.added' ? 1 : 0
  if (failures + bans === 0 || at < timeline.from) return timeline
  const moved = moveTo(timeline, at)
  const start = moved.from + Math.floor((at - moved.from) / moved.bucketMs) * moved.bucketMs
  const known = moved.buckets.findIndex((bucket) => bucket.at === start && bucket.node === node)
  const before = moved.buckets[known]
  if (before === undefined)
    return { ...moved, buckets: [...moved.buckets, { at: start, node, failures, bans }] }
  const after = { ...before, failures: before.failures + failures, bans: before.bans + bans }
  return { ...moved, buckets: moved.buckets.with(known, after) }
}

/** The same span of time, moved by whole buckets so that `now` is inside; what falls out at the start is dropped. */
export function moveTo(timeline: TimelineView, now: number): TimelineView {
  if (now < timeline.to) return timeline
  const by = (Math.floor((now - timeline.to) / timeline.bucketMs) + 1) * timeline.bucketMs
  const from = timeline.from + by
  return {
    ...timeline,
    from,
    to: timeline.to + by,
    buckets: timeline.buckets.filter((bucket) => bucket.at >= from),
  }
}

/** One moment of the chart: what all nodes saw in it, and each of them. */
export interface Slot {
  readonly at: number
  readonly failures: number
  readonly bans: number
  readonly byNode: ReadonlyMap<string, { readonly failures: number; readonly bans: number }>
}

/** The timeline as slots without holes, oldest first. Buckets of one node or of all of them. */
export function slotsOf(timeline: TimelineView, only: string | null = null): readonly Slot[] {
  const count = Math.max(1, Math.ceil((timeline.to - timeline.from) / timeline.bucketMs))
  const slots = Array.from({ length: count }, (_, index) => ({
    at: timeline.from + index * timeline.bucketMs,
    failures: 0,
    bans: 0,
    byNode: new Map<string, { failures: number; bans: number }>(),
  }))
  for (const bucket of timeline.buckets) {
    if (only !== null && bucket.node !== only) continue
    const slot = slots[Math.floor((bucket.at - timeline.from) / timeline.bucketMs)]
    if (slot === undefined) continue
    slot.failures += bucket.failures
    slot.bans += bucket.bans
    const node = slot.byNode.get(bucket.node)
    slot.byNode.set(bucket.node, {
      failures: (node?.failures ?? 0) + bucket.failures,
      bans: (node?.bans ?? 0) + bucket.bans,
    })
  }
  return slots
}

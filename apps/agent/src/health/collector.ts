import { performance } from 'node:perf_hooks'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const MIB = 1_048_576
/** What has gathered since the last collection is worth another one. */
const GROWN_BYTES = 16 * MIB
/** Busier than this, V8 collects by itself, and a pause would keep lines waiting. */
const RESTING = 0.1

/** How the process stands. */
export interface Standing {
  /** What V8 holds for objects, used or not, and what hangs on them outside. */
  readonly heapBytes: number
  /** Which part of the time since the last look it was busy, 0 to 1. */
  readonly busy: number
}

/** Whether to collect garbage now. `after`: what V8 held after the last time. */
export const isWorthCollecting = ({ heapBytes, busy }: Standing, after: number): boolean =>
  busy < RESTING && heapBytes - after > GROWN_BYTES

/**
 * Collects garbage once after a flood. V8 lets the heap grow while much is allocated, and looks whether it can give pages back
 * only after a collection, to which nothing leads when hardly anything is allocated any more.
 */
export class Collector {
  readonly #collect = exposed()
  #last = performance.eventLoopUtilization()
  #after = 0

  /** Looks, and collects if it is worth it. To be called every few seconds. */
  look(): void {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.#last)
    this.#last = now
    if (!isWorthCollecting({ heapBytes: heldByHeap(), busy: utilization }, this.#after)) return
    this.#collect()
    this.#after = heldByHeap()
  }
}

function heldByHeap(): number {
  const { total_heap_size, external_memory } = getHeapStatistics()
  return total_heap_size + external_memory
}

/** V8's own collection of everything, which programs are given on demand only. */
function exposed(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  return typeof collect === 'function' ? () => void collect() : () => {}
}

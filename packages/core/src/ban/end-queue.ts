import type { Ban } from './ban.ts'

const endOf = (ban: Ban | undefined): number => ban?.until ?? Infinity

/** Bans with an end, the one that ends first in front: a binary heap. */
export class EndQueue {
  readonly #heap: Ban[] = []

  get size(): number {
    return this.#heap.length
  }

  /** Takes out everything. */
  clear(): void {
    this.#heap.length = 0
  }

  /** Adds a ban; one without an end never comes to the front, so it is left out. */
  push(ban: Ban): void {
    if (ban.until === null) return
    let at = this.#heap.push(ban) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (endOf(this.#heap[parent]) <= endOf(ban)) break
      this.#swap(at, parent)
      at = parent
    }
  }

  /** The ban that ends first. */
  peek(): Ban | null {
    return this.#heap[0] ?? null
  }

  /** Takes out the ban that ends first. */
  pop(): Ban | null {
    const first = this.peek()
    const last = this.#heap.pop()
    if (first === null || last === undefined || this.#heap.length === 0) return first
    this.#heap[0] = last
    for (let at = 0; ;) {
      const child = this.#earlierChild(at)
      if (endOf(this.#heap[child]) >= endOf(last)) return first
      this.#swap(at, child)
      at = child
    }
  }

  #earlierChild(at: number): number {
    const left = 2 * at + 1
    return endOf(this.#heap[left + 1]) < endOf(this.#heap[left]) ? left + 1 : left
  }

  #swap(one: number, other: number): void {
    const a = this.#heap[one]
    const b = this.#heap[other]
    if (a === undefined || b === undefined) return
    this.#heap[one] = b
    this.#heap[other] = a
  }
}

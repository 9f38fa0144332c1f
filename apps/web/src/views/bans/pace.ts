/** How many rows are drawn, or left out, together: what a slow machine draws within a frame. */
export const DRAWN_ROWS = 5
/** How many rows are watched together while they are far from the screen. */
export const PAGE_ROWS = 200

/** How long drawing may go on in a frame, in milliseconds; laying it out and painting it takes twice that again. */
const BUDGET_MS = 6

/** A list in slices of a size; the last may be shorter. */
export const slices = <Of>(list: readonly Of[], size: number): readonly (readonly Of[])[] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  )

/** Spreads drawing over frames, so that no frame is a long one: what is asked for first is drawn first. */
export class Pace {
  readonly #waiting = new Set<() => void>()
  #frame = 0

  /** Has `draw` called in one of the next frames; gives back what takes that back. */
  ask(draw: () => void): () => void {
    this.#waiting.add(draw)
    this.#begin()
    return () => void this.#waiting.delete(draw)
  }

  #begin(): void {
    if (this.#frame !== 0 || this.#waiting.size === 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      const began = performance.now()
      for (const draw of this.#waiting) {
        this.#waiting.delete(draw)
        draw()
        if (performance.now() - began > BUDGET_MS) break
      }
      this.#begin()
    })
  }
}

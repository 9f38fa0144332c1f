import type { CompiledFilter } from './compile.ts'
import { isIgnored, locate, type Hit, type LocatedHit } from './find.ts'

/** A hit in several lines, and the lines that it took. */
export interface BufferHit extends Hit {
  readonly lines: readonly string[]
}

/** Each line of a text with the position at which it begins. */
function* placesOf(lines: readonly string[]): Generator<{ line: string; start: number }> {
  let start = 0
  for (const line of lines) {
    yield { line, start }
    start += line.length
  }
}

/** The lines that a hit took, and those it left: before it, behind it, and those that `<SKIPLINES>` passed over. */
function divide(lines: readonly string[], hit: LocatedHit): { taken: string[]; left: string[] } {
  const start = hit.found.index
  const end = start + hit.found[0].length
  const skipped = hit.expression.skippedIn(hit.found)
  const taken: string[] = []
  const left: string[] = []
  for (const place of placesOf(lines)) {
    const isInside = place.start + place.line.length > start && (place.start < end || place.start === start)
    const isSkipped = skipped.some(([from, to]) => place.start >= from && place.start < to)
    if (isInside && !isSkipped) taken.push(place.line)
    else left.push(place.line)
  }
  return { taken, left }
}

/** The last lines of a filter with maxlines above 1, which are read together. Lines end with a line feed. */
export class LineBuffer {
  #lines: readonly string[] = []

  /** Takes the next line; what the filter finds in the lines kept. The lines of a hit leave the buffer. */
  find(filter: CompiledFilter, line: string): BufferHit | null {
    this.#lines = [...this.#lines, line].slice(-filter.maxlines)
    const text = this.#lines.join('')
    const hit = locate(filter, text)
    if (hit === null) return null
    // Where prefregex picked out a part, the hit lies in that part, and the line just read is what it took.
    const isWhole = hit.text === text
    const { taken, left } = isWhole
      ? divide(this.#lines, hit)
      : { taken: [line], left: this.#lines.slice(0, -1) }
    this.#lines = left
    if (isIgnored(filter, isWhole ? taken.join('') : hit.text)) return null
    return { ...hit, lines: taken }
  }
}

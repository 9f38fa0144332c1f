import type { CompiledFilter } from './compile.ts'
import { isIgnored, locate, prepare, type Hit, type LocatedHit } from './find.ts'

/** A hit in several lines, and the lines that it took. */
export interface BufferHit extends Hit {
  readonly lines: readonly string[]
}

/** What Python ends lines at. */
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/

/** The lines that `<SKIPLINES>` passed over. */
function skippedLines({ expression, found, text }: LocatedHit): readonly string[] {
  const skipped = expression.skippedIn(found).map(([from, to]) => text.slice(from, to))
  const lines = skipped.join('').split(LINE_END)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

const linesIn = (text: string, end: number): number => text.slice(0, end).split('\n').length - 1

/**
 * The lines that a hit took, and those it left: before it, behind it, and those that were skipped. The lines of the hit
 * are counted in the text that was looked at, even where prefregex picked out a part, as fail2ban does.
 */
function divide(lines: readonly string[], hit: LocatedHit): { taken: string[]; left: string[] } {
  const { text, found } = hit
  const end = found.index + found[0].length
  const lastEnd = end === 0 ? text.length : text.indexOf('\n', end - 1) + 1
  const from = linesIn(text, text.lastIndexOf('\n', found.index) + 1)
  const to = linesIn(text, lastEnd === 0 ? text.length : lastEnd)
  const taken = lines.slice(from, to)
  const left = lines.slice(0, from)
  let at = 0
  for (const line of skippedLines(hit)) {
    const place = taken.indexOf(`${line}\n`, at)
    if (place < 0) continue
    left.push(...taken.splice(place, 1))
    at = place
  }
  return { taken, left: [...left, ...lines.slice(to)] }
}

/** The last lines of a filter with maxlines above 1, which are read together. Lines end with a line feed. */
export class LineBuffer {
  #lines: readonly string[] = []

  /**
   * Takes the next line; what the filter finds in the lines kept. The lines of a hit leave the buffer. One that does not
   * count for its date is empty, and never comes into it.
   */
  find(filter: CompiledFilter, line: string): BufferHit | null {
    if (line === '') return null
    this.#lines = [...this.#lines, line].slice(-filter.maxlines)
    const lines = this.#lines
    const prepared = prepare(filter, lines.join(''))
    if (prepared === null) return null
    // The part that prefregex picked out stands for all lines until a failregex matches in it.
    if (prepared.isPart) this.#lines = [prepared.text]
    const hit = locate(filter, prepared)
    if (hit === null) return null
    const { taken, left } = lines.length === 1 ? { taken: [...lines], left: [] } : divide(lines, hit)
    this.#lines = left
    return isIgnored(filter, taken.join('')) ? null : { ...hit, lines: taken }
  }
}

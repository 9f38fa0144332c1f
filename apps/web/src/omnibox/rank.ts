/** Something that can be found: its name, and other words that people may look for it by. */
export interface Findable {
  readonly label: string
  readonly words?: readonly string[]
}

/** How good a text fits, from best to worst; 0: not at all. */
const EXACT = 100
const BEGINS = 80
const WORD_BEGINS = 60
const INSIDE = 40
const LETTERS = 20

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .trim()

/** Whether the letters of `query` come in `text` in their order: `ovw` in `overview`. */
function hasLetters(query: string, text: string): boolean {
  let at = 0
  for (const letter of query) {
    at = text.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}

/** How good what was typed fits a text. Shorter texts of the same fit are better, since less of them is guessed. */
export function scoreOf(typed: string, text: string): number {
  const [query, within] = [plain(typed), plain(text)]
  if (query === '' || within === '') return 0
  const short = 1 - Math.min(0.9, within.length / 200)
  if (within === query) return EXACT + short
  if (within.startsWith(query)) return BEGINS + short
  if (within.split(/[\s\-_./@:]+/).some((word) => word.startsWith(query))) return WORD_BEGINS + short
  if (within.includes(query)) return INSIDE + short
  return query.length > 1 && hasLetters(query, within) ? LETTERS + short : 0
}

/** Other words of a thing count a little less than its name. */
const OTHER_WORD = 5

const bestOf = (typed: string, { label, words = [] }: Findable): number =>
  Math.max(scoreOf(typed, label), ...words.map((word) => Math.max(0, scoreOf(typed, word) - OTHER_WORD)))

/**
 * What fits the words that were typed, the best first, at most `most`. All words must fit. Nothing typed: everything, in
 * its order.
 */
export function ranked<T extends Findable>(typed: string, things: readonly T[], most: number): readonly T[] {
  const words = typed.split(/\s+/).filter((word) => word !== '')
  if (words.length === 0) return things.slice(0, most)
  const scored = things.flatMap((thing) => {
    const whole = bestOf(typed, thing)
    const parts = words.map((word) => bestOf(word, thing))
    const apart = parts.every((part) => part > 0) ? Math.min(...parts) - 1 : 0
    const score = Math.max(whole, apart)
    return score > 0 ? [{ thing, score }] : []
  })
  return scored
    .toSorted((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ thing }) => thing)
}

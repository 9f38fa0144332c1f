/** Letters, digits, dots and colons make words, as in the server's index. */
const BETWEEN_WORDS = /[^\p{L}\p{N}.:]+/u
const IN_WORD = /[\p{L}\p{N}]/u

const wordsIn = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(BETWEEN_WORDS)
    .filter((word) => IN_WORD.test(word))

/** What somebody types → what the server is asked: each word may be the beginning of one. Signs alone are looked for as they are. */
export function wordsAsked(typed: string): { readonly q?: string; readonly search?: string } {
  const words = wordsIn(typed)
  if (words.length > 0) return { q: words.map((word) => `${word}*`).join(' ') }
  return typed.trim() === '' ? {} : { search: typed.trim() }
}

/** Whether texts hold, together, every word that was typed or one that begins so. */
export function holdsWords(texts: readonly string[], typed: string): boolean {
  const held = texts.flatMap(wordsIn)
  const wanted = wordsIn(typed)
  return wanted.length > 0 && wanted.every((word) => held.some((one) => one.startsWith(word)))
}

import type { JournalMatch, JournalMatchGroup } from '@warder/core'
import { quote } from './problem.ts'

/** A journalmatch, or why the text is none. */
export type JournalMatchResult =
  { readonly ok: true; readonly match: JournalMatch } | { readonly ok: false; readonly reason: string }

/**
 * Parses journalmatch: `FIELD=value` terms on a line belong together, `+` and a new line begin an alternative. Values
 * may be quoted as in a shell.
 */
export function parseJournalMatch(text: string): JournalMatchResult {
  const groups: JournalMatchGroup[] = []
  for (const line of text.split('\n')) {
    const words = shellWords(line)
    if (words === null)
      return { ok: false, reason: `journalmatch ${quote(line)} has a quote or backslash without its end` }
    let group: [string, string][] = []
    for (const word of [...words, '+']) {
      if (word === '+') {
        if (group.length > 0) groups.push(group)
        group = []
        continue
      }
      const [, field, value] = /^([A-Z0-9_]+)=(.*)$/s.exec(word) ?? []
      if (field === undefined || value === undefined)
        return { ok: false, reason: `journalmatch ${quote(word)} is neither FIELD=value nor +` }
      group.push([field, value])
    }
  }
  return { ok: true, match: groups }
}

/** Splits a line as a shell would, with quotes and backslashes but nothing else. Null: a quote or backslash stays open. */
export function shellWords(line: string): readonly string[] | null {
  const words: string[] = []
  let rest = line.trimStart()
  while (rest !== '') {
    let word = ''
    for (;;) {
      const [whole, plain, escaped, single, double] = WORD_PART.exec(rest) ?? []
      if (whole === undefined) break
      word += plain ?? escaped ?? single ?? double?.replace(/\\(["\\])/g, '$1') ?? ''
      rest = rest.slice(whole.length)
    }
    if (rest !== '' && !/^\s/.test(rest)) return null
    words.push(word)
    rest = rest.trimStart()
  }
  return words
}

/** A piece of a word: plain characters, an escaped one, or what stands between quotes. */
const WORD_PART = /^(?:([^\s'"\\]+)|\\([^])|'([^']*)'|"((?:[^"\\]|\\[^])*)")/

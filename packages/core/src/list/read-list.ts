import { parseTarget } from '../ip/cidr.ts'
import { boundText } from '../line/bound.ts'

/** Something in a list that is no address. */
export interface Misread {
  /** Counted from 1. */
  readonly line: number
  readonly text: string
}

/** A text of addresses, read. */
export interface ReadList {
  /** Canonical, each once, in the order of the text. */
  readonly targets: readonly string[]
  /** How many came again. */
  readonly duplicates: number
  /** How many were not understood, and the first of them. */
  readonly bad: number
  readonly misread: readonly Misread[]
}

/**
 * `words`: every word of a line is an address, between blanks, commas or bars. `column`: the first column of a line
 * counts, as in files of tables (CSV); the rest of the line is somebody's remark.
 */
export type ListForm = 'words' | 'column'

/** Most words that are shown of what was not understood. */
const MISREAD_SHOWN = 100
const SHOWN_LENGTH = 60

/** What may stand around an address in tables and lists of other programs. */
const bare = (word: string): string => word.replace(/^["'[(<]+|["'\])>]+$/g, '')

/** A line without its remark: `#` and `;` begin one, and `//` at the beginning. */
const withoutRemark = (line: string): string => (/^\s*\/\//.test(line) ? '' : line.replace(/[#;].*$/, ''))

/** Text → addresses and subnets, one or more in a line, remarks left out. Never fails: what is no address is told. */
export function readList(text: string, form: ListForm): ReadList {
  const targets = new Set<string>()
  const misread: Misread[] = []
  let duplicates = 0
  let bad = 0
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  for (const [at, line] of lines.entries()) {
    const words = withoutRemark(line)
      .split(/[\s,|]+/)
      .filter((word) => word !== '')
    for (const word of form === 'column' ? words.slice(0, 1) : words) {
      const target = parseTarget(bare(word))
      if (target === null) {
        bad++
        if (misread.length < MISREAD_SHOWN)
          misread.push({ line: at + 1, text: boundText(word, SHOWN_LENGTH) })
      } else if (targets.has(target)) duplicates++
      else targets.add(target)
    }
  }
  return { targets: [...targets], duplicates, bad, misread }
}

/** Fewest bits of a prefix that a list takes: what is wider is a mistake that shuts out, or lets in, half the world. */
const NARROWEST = { 4: 8, 6: 16 } as const

/** Whether a canonical target is too wide for a list. */
export function isTooWide(target: string): boolean {
  const [address = '', prefix] = target.split('/')
  return prefix !== undefined && Number(prefix) < NARROWEST[address.includes(':') ? 6 : 4]
}

import type { RegexNode } from './node.ts'

/**
 * Texts of which every match holds at least one, in the line as it was written too: a date is cut out between two
 * characters that are no part of a word, so no text goes over two of them, lest the cut had joined it.
 */
export type Needed = readonly string[]

/** A text of which every match that holds it also holds one of those beside it; null: none are known. */
export interface Needle {
  readonly text: string
  readonly beside: Needed | null
}

const IN_WORD = /[\p{L}\p{N}_]/u

/** Shorter texts are found about as often as not, so looking for them first gains nothing. */
const SHORTEST = 3
/** More alternatives than this are as slow to look for as the expression itself. */
const MOST_TEXTS = 16

const shortestOf = (texts: Needed): number => Math.min(...texts.map((text) => text.length))

/** The one that says most: its shortest text is the longest. */
function best(all: readonly Needed[]): Needed | null {
  let chosen: Needed | null = null
  for (const texts of all) {
    const isUsable = texts.length > 0 && texts.length <= MOST_TEXTS && shortestOf(texts) >= SHORTEST
    if (isUsable && (chosen === null || shortestOf(texts) > shortestOf(chosen))) chosen = texts
  }
  return chosen
}

/** Everything that matches of a node hold, each on its own; `run` is the plain text that is still growing. */
class Collector {
  readonly all: Needed[] = []
  #run = ''

  collect(node: RegexNode): void {
    switch (node.kind) {
      case 'literal':
        for (const char of node.text) this.#add(char)
        return
      case 'sequence':
        for (const item of node.items) this.collect(item)
        return
      case 'group':
      case 'atomic':
        this.collect(node.body)
        return
      case 'repeat':
        this.end()
        if (node.min > 0) this.collect(node.body)
        this.end()
        return
      case 'choice':
        this.end()
        this.#choose(node.options)
        return
      case 'start':
      case 'boundary':
      case 'no-boundary':
        return
      default:
        this.end()
    }
  }

  end(): void {
    if (this.#run !== '') this.all.push([this.#run])
    this.#run = ''
  }

  /**
   * What follows a line feed is no part of the line that is looked at; U+FFFD stands for bytes of any kind; and NUL is what the
   * search finds behind the last line.
   */
  #add(char: string): void {
    const last = this.#run.at(-1)
    if (char === '\n' || char === '\0' || char === '\ufffd') return this.end()
    if (last !== undefined && !IN_WORD.test(last) && !IN_WORD.test(char)) this.end()
    this.#run += char
  }

  /** A match of a choice holds what one of its options needs. */
  #choose(options: readonly RegexNode[]): void {
    const needed = options.map(neededTexts)
    if (needed.every((texts) => texts !== null)) this.all.push([...new Set(needed.flat())])
  }
}

/**
 * Texts without line feeds and NUL of which every match of the expression holds at least one, or null where none are known.
 * Letters whose case is ignored, look-arounds and references tell nothing.
 */
export function neededTexts(root: RegexNode): Needed | null {
  const collector = new Collector()
  collector.collect(root)
  collector.end()
  return best(collector.all)
}

/** The same texts, and those of which every match holds one besides: together they say more. Null: none are known. */
export function needlesOf(root: RegexNode): readonly Needle[] | null {
  const collector = new Collector()
  collector.collect(root)
  collector.end()
  const texts = best(collector.all)
  if (texts === null) return null
  const saysMore = (other: Needed): boolean =>
    !other.some((text) => texts.some((chosen) => chosen.includes(text)))
  const beside = best(collector.all.filter(saysMore))
  return texts.map((text) => ({ text, beside }))
}

/** Each text once: beside it stands what is beside it in any of the needles. */
export function joinNeedles(needles: readonly Needle[]): readonly Needle[] {
  const joined = new Map<string, Needed | null>()
  for (const { text, beside } of needles) {
    const before = joined.get(text)
    const isLone = before === null || beside === null
    joined.set(text, isLone ? null : [...new Set([...(before ?? []), ...beside])])
  }
  return Array.from(joined, ([text, beside]) => ({ text, beside }))
}

/** Looks for any of the texts. */
export function lookFor(texts: Needed): RegExp {
  const sorted = [...new Set(texts)].filter(
    (text) => !texts.some((other) => other !== text && text.includes(other)),
  )
  return new RegExp(sorted.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|'))
}

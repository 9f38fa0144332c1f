import type { CharSet } from '../regex/charset.ts'
import type { RegexNode } from '../regex/node.ts'
import { parseRegex } from '../regex/parse.ts'
import type { FilterDefinition } from './definition.ts'
import { replaceTags } from './tags.ts'

/** So many expressions of a filter are tried. */
const TRIED = 20
const LONGEST = 1_000
/** Stands for the address and for what prefregex hands on, until they are put in. */
const ADDRESS = 'WARDERADDRESS'
const CONTENT = 'WARDERCONTENT'

/**
 * Lines that the expressions of a filter may match, with an address in the place of who failed. They are guesses: whoever
 * uses one looks first whether the filter finds the address in it. None where an expression asks for what cannot be guessed.
 */
export function exampleLines({ prefregex, failregex }: FilterDefinition, ip: string): readonly string[] {
  const heads = prefregex === undefined ? [CONTENT] : writtenBy(prefregex)
  const lines = failregex
    .slice(0, TRIED)
    .flatMap(writtenBy)
    .flatMap((line) => heads.map((head) => head.replace(CONTENT, line)))
  const whole = lines.filter((line) => line.includes(ADDRESS) && line.length <= LONGEST)
  return [...new Set(whole.map((line) => line.replaceAll(ADDRESS, ip)))]
}

function writtenBy(expression: string): readonly string[] {
  const marked = expression
    .replace(/<F-CONTENT>.*?<\/F-CONTENT>/s, CONTENT)
    .replaceAll(/<(?:HOST|ADDR|IP4|SUBNET|F-ADDR\/|F-IP4\/|F-ID\/)>/g, ADDRESS)
  try {
    const written = write(parseRegex(replaceTags(marked)))
    return written === null || written.includes('\n') ? [] : [written]
  } catch {
    return []
  }
}

/** A text that a node matches: as little as it asks for; null where that cannot be guessed. */
function write(node: RegexNode): string | null {
  switch (node.kind) {
    case 'literal':
      return node.text
    case 'class':
      return oneOf(node)
    case 'sequence':
      return all(node.items.map(write))
    case 'choice':
      return node.options.map(write).find((text) => text !== null) ?? null
    case 'group':
    case 'atomic':
      return write(node.body)
    case 'repeat': {
      // What must be there once is written once; what need not be there at all is left out.
      const text = node.min === 0 ? '' : write(node.body)
      return text === null ? null : text.repeat(Math.min(node.min, LONGEST))
    }
    case 'conditional':
      return write(node.no)
    case 'never':
    case 'reference':
      return null
    default:
      // Places, and what looks ahead or behind: whether it holds, the filter says itself.
      return ''
  }
}

function all(parts: readonly (string | null)[]): string | null {
  let whole = ''
  for (const part of parts) {
    if (part === null) return null
    whole += part
  }
  return whole
}

/** Characters that are tried for a class, the plainest first. */
const PLAIN = [...'x1 a-A:./[]"\'=,;_', '\t']

function oneOf({ negated, ranges, categories }: Extract<RegexNode, { kind: 'class' }>): string | null {
  const isIn = (char: string): boolean =>
    contains(ranges, char.codePointAt(0) ?? 0) ||
    categories.some(({ category, negated: isNot }) => belongs(char, category) !== isNot)
  return PLAIN.find((char) => isIn(char) !== negated) ?? firstOf(ranges, negated)
}

const contains = (ranges: CharSet, code: number): boolean =>
  ranges.some(([from, to]) => from <= code && code <= to)

const belongs = (char: string, category: string): boolean => {
  if (category.startsWith('d')) return /\d/.test(char)
  return category.startsWith('s') ? /\s/.test(char) : /\w/.test(char)
}

function firstOf(ranges: CharSet, negated: boolean): string | null {
  const first = ranges[0]
  return negated || first === undefined ? null : String.fromCodePoint(first[0])
}

import { asciiCategory, complement, foldCase, toCharSet, type Range } from './charset.ts'
import type { Cursor } from './cursor.ts'
import type { Flags } from './flags.ts'
import type { ClassCategory, RegexNode } from './node.ts'
import { readEscape, RegexProblem } from './parse-escape.ts'

/** One member of a class: a character that may begin a range, or a category that may not. */
type Member = { readonly char: string } | ClassCategory

function readMember(cursor: Cursor): Member {
  const char = cursor.next()
  if (char === '') throw new RegexProblem('a character class is not closed')
  if (char !== '\\') return { char }
  const escape = readEscape(cursor, 'class')
  if (escape.kind === 'char') return { char: escape.char }
  if (escape.kind === 'category') return { category: escape.category, negated: escape.negated }
  throw new RegexProblem('an escape that cannot stand in a character class')
}

/** A character beyond U+FFFF is two units; both belong to the class, since units are what is matched. */
function unitsOf(char: string): readonly Range[] {
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at))
  return units.map((unit): Range => [unit, unit])
}

function rangeOf(from: string, to: string): readonly Range[] {
  const first = from.codePointAt(0) ?? 0
  const last = to.codePointAt(0) ?? 0
  if (first > last) throw new RegexProblem(`the range ${from}-${to} runs backwards`)
  if (last <= 0xffff) return [[first, last]]
  const units: Range[] = [[0xd800, 0xdfff]]
  if (first <= 0xffff) units.push([first, 0xffff])
  return units
}

const rangesOf = (category: ClassCategory): readonly Range[] => {
  const set = asciiCategory(category.category)
  return category.negated ? complement(set) : set
}

function toNode(negated: boolean, members: Members, flags: Flags): RegexNode {
  const fixed = flags.ascii ? members.categories.flatMap(rangesOf) : []
  const ranges = toCharSet([...members.ranges, ...fixed])
  return {
    kind: 'class',
    negated,
    ranges: flags.ignoreCase ? foldCase(ranges) : ranges,
    categories: flags.ascii ? [] : members.categories,
  }
}

interface Members {
  readonly ranges: Range[]
  readonly categories: ClassCategory[]
}

/** A character class, behind its opening bracket. */
export function readClass(cursor: Cursor, flags: Flags): RegexNode {
  const negated = cursor.take('^')
  const members: Members = { ranges: [], categories: [] }
  let isFirst = true
  // A closing bracket that comes first is a member.
  while (isFirst || !cursor.take(']')) {
    isFirst = false
    const member = readMember(cursor)
    if (!('char' in member)) {
      members.categories.push(member)
      continue
    }
    if (!cursor.at('-') || cursor.at('-]')) {
      members.ranges.push(...unitsOf(member.char))
      continue
    }
    cursor.take('-')
    const last = readMember(cursor)
    if (!('char' in last)) throw new RegexProblem('a range of characters ends in a category')
    members.ranges.push(...rangeOf(member.char, last.char))
  }
  return toNode(negated, members, flags)
}

/** A category outside a class, as a class of its own. */
export const classOfCategory = (category: ClassCategory, flags: Flags): RegexNode =>
  toNode(
    false,
    { ranges: [], categories: [{ category: category.category, negated: category.negated }] },
    flags,
  )

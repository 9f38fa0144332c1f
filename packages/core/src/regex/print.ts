import { categorySet, complement, toCharSet, type CharSet, type Range, type Reading } from './charset.ts'
import { canBeEmpty, someNode, type RegexNode } from './node.ts'

/** An expression for V8: without flags, its groups by position. */
export interface Printed {
  readonly source: string
  /** For each capturing group, in V8's order, its name; a name may come more than once. */
  readonly names: readonly (string | null)[]
  /** Repeats of which a round may leave out what an earlier one captured. */
  readonly repeats: readonly Repeated[]
}

/** A repeat with captures inside: V8 forgets in each round what the one before captured, and Python keeps it. */
export interface Repeated {
  /** The position of the group around all its rounds. */
  readonly place: number
  readonly body: RegexNode
}

/** V8's linear engine takes counted repeats up to this many copies in all; larger ones are written out. */
const LINEAR_COPIES = 16
/** Longest text that writing out a repeat may make. */
const LONGEST_COPY = 4_000

/** A class without members matches nothing. */
const NEVER = '[]'

function escapeUnit(unit: number): string {
  const char = String.fromCharCode(unit)
  if (unit < 0x20 || unit > 0x7e) return `\\u${unit.toString(16).padStart(4, '0')}`
  return /[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char
}

/** `-` needs no escape outside a class, and older readers refuse one. */
const escapeLiteral = (text: string): string =>
  Array.from({ length: text.length }, (_, at) =>
    text[at] === '-' ? '-' : escapeUnit(text.charCodeAt(at)),
  ).join('')

/** The halves of characters beyond U+FFFF, and such a character. */
const HALVES: Range = [0xd800, 0xdfff]
const PAIR = '[\\ud800-\\udbff][\\udc00-\\udfff]'

const holdsPairs = (set: CharSet): boolean => set.some(([lo, hi]) => lo <= HALVES[0] && hi >= HALVES[1])

const printRanges = (set: CharSet): string =>
  set.map(([lo, hi]) => (lo === hi ? escapeUnit(lo) : `${escapeUnit(lo)}-${escapeUnit(hi)}`)).join('')

/** The units of a class node, its categories read as asked. */
export function unitsOfClass(node: Extract<RegexNode, { kind: 'class' }>, reading: Reading): CharSet {
  const categories = node.categories.flatMap(({ category, negated }) => {
    const set = categorySet(category, reading)
    return negated ? complement(set) : set
  })
  const set = toCharSet([...node.ranges, ...categories])
  return node.negated ? complement(set) : set
}

function printSet(set: CharSet): string {
  const last = set.at(-1)
  return last?.[1] === 0xffff ? `[^${printRanges(complement(set))}]` : `[${printRanges(set)}]`
}

/** `\b` or `\B` between letters of all scripts: V8's own knows those of ASCII alone. */
function wideBoundary(isBoundary: boolean): string {
  const word = printSet(categorySet('w', 'wide'))
  const [inside, outside] = isBoundary ? ['!', '='] : ['=', '!']
  return `(?:(?<=${word})(?${inside}${word})|(?<!${word})(?${outside}${word}))`
}

/** Whether a node may match nothing before it tries to match something. */
const likesNothing = (node: RegexNode): boolean =>
  (node.kind === 'repeat' && node.greed === 'lazy') ||
  (node.kind === 'choice' && node.options.some(canBeEmpty))

/** What looks at no more than the characters that it takes. */
const TAKING = new Set<RegexNode['kind']>(['literal', 'class', 'sequence', 'choice', 'group', 'repeat'])

/** Whether a node looks at more than that, so that even nothing may not do. */
const hasConditions = ({ kind }: RegexNode): boolean => !TAKING.has(kind)

/** Writes a tree as V8 source; a new one is made for each expression and reading. */
class Printer {
  readonly names: (string | null)[] = []
  readonly repeats: Repeated[] = []
  readonly #reading: Reading
  #isInRepeat = false
  readonly #asked: ReadonlySet<number>
  /** Python's group number → V8's position of the copy that was written last. */
  readonly #positions = new Map<number, number>()

  constructor(root: RegexNode, reading: Reading) {
    this.#reading = reading
    const asked = new Set<number>()
    someNode(root, (node) => {
      if (node.kind === 'reference') asked.add(node.number)
      return false
    })
    this.#asked = asked
  }

  /** `copies`: how often counted repeats around this node will write it out. */
  print(node: RegexNode, copies = 1): string {
    switch (node.kind) {
      case 'literal':
        return escapeLiteral(node.text)
      case 'class':
        return this.#oneOf(unitsOfClass(node, this.#reading))
      case 'start':
        return '^'
      case 'line-end':
        // The text ends with a line feed of its own. Nothing but blanks can follow, so taking it is no loss,
        // and V8's linear engine knows no look-ahead.
        return '(?:\\n?$)'
      case 'very-end':
        return '$'
      case 'boundary':
        return this.#reading === 'ascii' ? '\\b' : wideBoundary(true)
      case 'no-boundary':
        return this.#reading === 'ascii' ? '\\B' : wideBoundary(false)
      case 'never':
        return NEVER
      case 'sequence':
        return node.items.map((item) => this.#inSequence(item, copies)).join('')
      case 'choice':
        return node.options.map((option) => this.print(option, copies)).join('|')
      case 'group':
        return this.#group(node, copies)
      case 'look':
        return `(?${node.behind ? '<' : ''}${node.negated ? '!' : '='}${this.print(node.body, copies)})`
      case 'atomic':
        return this.#atomic(node.body, copies)
      case 'repeat':
        return this.#repeat(node, copies)
      case 'reference':
        return `(?:\\${this.#positions.get(node.number) ?? 0})`
      case 'conditional':
        return NEVER
    }
  }

  /** One character of a set. Beyond U+FFFF it takes two units, which only then have to be told from two characters. */
  #oneOf(set: CharSet): string {
    if (this.#reading === 'ascii' || !holdsPairs(set)) return printSet(set)
    return `(?:${PAIR}|${printSet(complement(toCharSet([...complement(set), HALVES])))})`
  }

  /** The same any number of times, where nobody counts. */
  #anyOf(node: RegexNode, copies: number): string {
    return node.kind === 'class' ? printSet(unitsOfClass(node, this.#reading)) : this.#unit(node, copies)
  }

  #inSequence(item: RegexNode, copies: number): string {
    const printed = this.print(item, copies)
    return item.kind === 'choice' ? `(?:${printed})` : printed
  }

  #group(node: Extract<RegexNode, { kind: 'group' }>, copies: number): string {
    if (node.name === null && !this.#asked.has(node.number)) return `(?:${this.print(node.body, copies)})`
    this.names.push(node.name)
    this.#positions.set(node.number, this.names.length)
    return `(${this.print(node.body, copies)})`
  }

  /** What a look-ahead found is not given back, so a reference to it behaves as an atomic group. */
  #atomic(body: RegexNode, copies: number): string {
    this.names.push(null)
    const position = this.names.length
    return `(?=(${this.print(body, copies)}))\\${position}(?:)`
  }

  #repeat(node: Extract<RegexNode, { kind: 'repeat' }>, copies: number): string {
    if (node.greed === 'possessive') return this.#atomic({ ...node, greed: 'greedy' }, copies)
    if (this.#isInRepeat || node.max <= 1 || !mayMiss(node.body)) return this.#rounds(node, copies)
    this.names.push(null)
    this.repeats.push({ place: this.names.length, body: node.body })
    this.#isInRepeat = true
    const printed = this.#rounds(node, copies)
    this.#isInRepeat = false
    return `(${printed})`
  }

  #rounds(node: Extract<RegexNode, { kind: 'repeat' }>, copies: number): string {
    const lazy = node.greed === 'lazy' ? '?' : ''
    const { min, max } = node
    if (min === 0 && max === Infinity) return `${this.#anyOf(node.body, copies)}*${lazy}`
    if (min === 1 && max === Infinity) return `${this.#anyOf(node.body, copies)}+${lazy}`
    if (min === 0 && max === 1) return this.#optional(node.body, copies, lazy)
    const count = max === Infinity ? min : max
    const written = copies * count > LINEAR_COPIES ? this.#writtenOut(node, copies, lazy) : null
    if (written !== null) return written
    const numbers = min === max ? `${min}` : `${min},${max === Infinity ? '' : max}`
    return `${this.#unit(node.body, copies * Math.max(1, count))}{${numbers}}${lazy}`
  }

  /**
   * In Python a part that may be there and matches nothing is there all the same; V8 does not count such a round, and would
   * rather take more of the text: `(?:.*?)?x` goes to the first x in Python, to a later one in V8. Where nothing is what it
   * likes least both come to the same, unless it captures.
   */
  #optional(body: RegexNode, copies: number, lazy: string): string {
    const captures = hasCaptures(body)
    const isEager = lazy === '' && someNode(body, likesNothing)
    if (!(captures || isEager) || !canBeEmpty(body)) return `${this.#unit(body, copies)}?${lazy}`
    const printed = this.print(body, copies)
    if (!captures && !someNode(body, hasConditions)) return `(?:${printed})`
    return lazy === '' ? `(?:${printed}|)` : `(?:|${printed})`
  }

  /**
   * A repeat as copies of its body: `a{2,4}` → `aa(?:aa?)?`. Null when that would be too long, or when the body can
   * match nothing: a repeat does not accept a round of nothing, a copy would.
   */
  #writtenOut(node: Extract<RegexNode, { kind: 'repeat' }>, copies: number, lazy: string): string | null {
    if (canBeEmpty(node.body)) return null
    const names = this.names.length
    const body = this.#unit(node.body, copies)
    const { min, max } = node
    const optional = max === Infinity ? 0 : max - min
    if (this.names.length > names || body.length * (min + optional) > LONGEST_COPY) {
      this.names.length = names
      return null
    }
    let tail = max === Infinity ? `${body}*${lazy}` : ''
    for (let copy = 0; copy < optional; copy++) tail = `(?:${body}${tail})?${lazy}`
    return `${body.repeat(min)}${tail}`
  }

  /** A node as one unit that a repeat can stand behind. */
  #unit(node: RegexNode, copies: number): string {
    const printed = this.print(node, copies)
    const isUnit =
      node.kind === 'class' ||
      node.kind === 'group' ||
      node.kind === 'reference' ||
      (node.kind === 'literal' && node.text.length === 1)
    return isUnit ? printed : `(?:${printed})`
  }
}

const hasCaptures = (node: RegexNode): boolean =>
  someNode(node, (each) => each.kind === 'group' && each.name !== null)

/** Whether a node can match without one of its captures. */
function mayMiss(node: RegexNode): boolean {
  switch (node.kind) {
    case 'sequence':
      return node.items.some(mayMiss)
    case 'group':
    case 'atomic':
      return mayMiss(node.body)
    case 'repeat':
      return node.min === 0 ? hasCaptures(node.body) : mayMiss(node.body)
    case 'look':
      return node.negated ? hasCaptures(node.body) : mayMiss(node.body)
    default:
      return hasCaptures(node)
  }
}

/** A tree without conditionals → V8 source, with categories read as asked. */
export function printRegex(root: RegexNode, reading: Reading): Printed {
  const printer = new Printer(root, reading)
  const source = printer.print(root)
  return { source, names: printer.names, repeats: printer.repeats }
}

/** Whether the two readings of the expression differ at all. */
export const dependsOnReading = (root: RegexNode): boolean =>
  someNode(
    root,
    (node) =>
      node.kind === 'boundary' ||
      node.kind === 'no-boundary' ||
      (node.kind === 'class' &&
        (node.categories.some(({ category }) => category !== 's') || holdsPairs(unitsOfClass(node, 'wide')))),
  )

import { classOfCategory, readClass } from './parse-class.ts'
import { RegexProblem, readEscape } from './parse-escape.ts'
import { foldCase, type CharSet } from './charset.ts'
import { Cursor } from './cursor.ts'
import { NO_FLAGS, withFlags, type Flags } from './flags.ts'
import { choiceOf, EMPTY, sequenceOf, type Greed, type RegexNode } from './node.ts'

const LINE_FEED: CharSet = [[10, 10]]

/** Deepest nesting of groups; deeper ones are not written by people. */
const DEEPEST = 100
/** What Python takes for the name of a group. */
const NAME = /^[\p{L}\p{Nl}_][\p{L}\p{N}\p{Mn}\p{Mc}_]*$/u
/** Places, which cannot be repeated. */
const ANCHORS: ReadonlySet<RegexNode['kind']> = new Set([
  'start',
  'line-end',
  'very-end',
  'boundary',
  'no-boundary',
])
/** A remark inside an expression, `(?#…)`. */
const REMARK = /\(\?#[^)]*\)/y
/** Largest count of a repeat. */
const LARGEST_COUNT = 1_000

/** Reads one expression; a new one is made for each. */
class Parser {
  readonly #cursor: Cursor
  readonly #numbers = new Map<string, number>()
  #groups = 0
  /** The highest number of a group that a conditional asks for; it may come later. */
  #asked = 0
  #depth = 0
  /** Nothing but flags has been read, which is where flags of the whole expression may stand. */
  #isAtStart = true
  /** Groups that have been opened and not closed, which a reference cannot mean. */
  readonly #open = new Set<number>()

  readonly #severalLines: boolean

  constructor(pattern: string, severalLines: boolean) {
    this.#severalLines = severalLines
    this.#cursor = new Cursor(pattern)
  }

  read(): RegexNode {
    const node = this.#choice(NO_FLAGS)
    if (!this.#cursor.done) throw new RegexProblem('unbalanced )')
    if (this.#asked > this.#groups) throw new RegexProblem(`there is no group ${this.#asked} to ask for`)
    return node
  }

  #choice(flags: Flags): RegexNode {
    const options: RegexNode[] = []
    const scope = { flags }
    do options.push(this.#sequence(scope))
    while (this.#takeBar())
    return choiceOf(options)
  }

  #takeBar(): boolean {
    const isBar = this.#cursor.take('|')
    if (isBar) this.#isAtStart = false
    return isBar
  }

  /** Flags that are switched on inside a group hold up to its end, so the scope goes on from option to option. */
  #sequence(scope: { flags: Flags }): RegexNode {
    const items: RegexNode[] = []
    while (!this.#cursor.done && !this.#cursor.at('|') && !this.#cursor.at(')')) {
      if (this.#skipRemark(scope.flags)) continue
      const switched = this.#switchFlags(scope.flags)
      if (switched !== null) {
        if (!this.#isAtStart) throw new RegexProblem('flags of the whole expression belong at its start')
        scope.flags = switched
        continue
      }
      this.#isAtStart = false
      const isEdge = this.#cursor.at('^') || this.#cursor.at('$')
      const item = this.#item(scope.flags)
      items.push(this.#repeated(item, scope.flags, isEdge || ANCHORS.has(item.kind)))
    }
    return sequenceOf(items)
  }

  /** `(?i)` and its like. */
  #switchFlags(flags: Flags): Flags | null {
    const found = this.#cursor.takeForm(/\(\?([a-zA-Z]+)\)/y)
    return found === null ? null : withFlags(flags, found[1] ?? '', '')
  }

  #item(flags: Flags): RegexNode {
    const char = this.#cursor.next()
    switch (char) {
      case '^':
        return this.#severalLines ? lineEdge(true) : { kind: 'start' }
      case '$':
        return this.#severalLines ? lineEdge(false) : { kind: 'line-end' }
      case '.':
        return { kind: 'class', negated: true, ranges: flags.dotAll ? [] : LINE_FEED, categories: [] }
      case '[':
        return readClass(this.#cursor, flags)
      case '\\':
        return this.#escaped(flags)
      case '(':
        return this.#group(flags)
      case '*':
      case '+':
      case '?':
        throw new RegexProblem(`nothing to repeat before ${char}`)
      case '{':
        return this.#brace(flags)
      default:
        return literal(char, flags)
    }
  }

  /** A brace that begins no count stands for itself. */
  #brace(flags: Flags): RegexNode {
    this.#cursor.back(1)
    if (this.#count() !== null) throw new RegexProblem('nothing to repeat before a count')
    return literal(this.#cursor.next(), flags)
  }

  #escaped(flags: Flags): RegexNode {
    const escape = readEscape(this.#cursor, 'outside')
    switch (escape.kind) {
      case 'char':
        return literal(escape.char, flags)
      case 'category':
        return classOfCategory(escape, flags)
      case 'reference':
        return this.#reference(escape.number)
      default:
        return { kind: escape.kind }
    }
  }

  #reference(number: number): RegexNode {
    if (number > this.#groups) throw new RegexProblem(`reference to group ${number}, which does not exist`)
    if (this.#open.has(number)) throw new RegexProblem(`reference to group ${number} from inside it`)
    return { kind: 'reference', number }
  }

  #group(flags: Flags): RegexNode {
    if (++this.#depth > DEEPEST) throw new RegexProblem(`groups are nested deeper than ${DEEPEST}`)
    const node = this.#groupBody(flags)
    this.#depth--
    return node
  }

  #groupBody(flags: Flags): RegexNode {
    const cursor = this.#cursor
    if (!cursor.take('?')) return this.#capture(null, flags)
    if (cursor.take(':')) return this.#closed(this.#choice(flags))
    if (cursor.take('='))
      return { kind: 'look', behind: false, negated: false, body: this.#closed(this.#choice(flags)) }
    if (cursor.take('!'))
      return { kind: 'look', behind: false, negated: true, body: this.#closed(this.#choice(flags)) }
    if (cursor.take('<='))
      return { kind: 'look', behind: true, negated: false, body: this.#closed(this.#choice(flags)) }
    if (cursor.take('<!'))
      return { kind: 'look', behind: true, negated: true, body: this.#closed(this.#choice(flags)) }
    if (cursor.take('>')) return { kind: 'atomic', body: this.#closed(this.#choice(flags)) }
    if (cursor.take('#')) throw new RegexProblem('a remark is not closed')
    if (cursor.take('(')) return this.#conditional(flags)
    return this.#named(flags)
  }

  #named(flags: Flags): RegexNode {
    const cursor = this.#cursor
    const opened = cursor.takeForm(/P?<([^\s<>()]+)>/y)
    if (opened !== null) return this.#capture(opened[1] ?? '', flags)
    const reference = cursor.takeForm(/P=([^\s<>()]+)\)/y)
    if (reference !== null) return this.#reference(this.#numberOf(reference[1] ?? ''))
    const scoped = cursor.takeForm(/([a-zA-Z]*)(?:-([a-zA-Z]+))?:/y)
    if (scoped !== null) return this.#closed(this.#choice(withFlags(flags, scoped[1] ?? '', scoped[2] ?? '')))
    throw new RegexProblem(`unknown group (?${cursor.rest.slice(0, 3)}`)
  }

  #capture(name: string | null, flags: Flags): RegexNode {
    const number = ++this.#groups
    if (name !== null && !NAME.test(name)) throw new RegexProblem(`'${name}' cannot be the name of a group`)
    if (name !== null && !this.#numbers.has(name)) this.#numbers.set(name, number)
    this.#open.add(number)
    const body = this.#closed(this.#choice(flags))
    this.#open.delete(number)
    return { kind: 'group', number, name, body }
  }

  #conditional(flags: Flags): RegexNode {
    const asked = this.#cursor.takeForm(/([^\s<>()]+)\)/y)?.[1] ?? ''
    const number = /^[0-9]+$/.test(asked) ? Number(asked) : this.#numberOf(asked)
    this.#asked = Math.max(this.#asked, number)
    const yes = this.#sequence({ flags })
    const no = this.#cursor.take('|') ? this.#sequence({ flags }) : EMPTY
    if (this.#cursor.at('|')) throw new RegexProblem('a conditional has more than two branches')
    this.#closed(EMPTY)
    return { kind: 'conditional', number, yes, no }
  }

  #numberOf(name: string): number {
    const number = this.#numbers.get(name)
    if (number === undefined) throw new RegexProblem(`no group is named '${name}' before it is asked for`)
    return number
  }

  #closed(node: RegexNode): RegexNode {
    if (!this.#cursor.take(')')) throw new RegexProblem('a group is not closed')
    return node
  }

  #repeated(item: RegexNode, flags: Flags, isAnchor: boolean): RegexNode {
    while (this.#skipRemark(flags));
    const count = this.#count()
    if (count === null) return item
    if (isAnchor) throw new RegexProblem('nothing to repeat before a count: an anchor takes no characters')
    if (count.min > count.max) throw new RegexProblem('a repeat has its smaller number last')
    if (count.min > LARGEST_COUNT || (count.max > LARGEST_COUNT && count.max !== Infinity)) {
      throw new RegexProblem(`a repeat counts beyond ${LARGEST_COUNT}`)
    }
    const greed: Greed = this.#cursor.take('?') ? 'lazy' : this.#cursor.take('+') ? 'possessive' : 'greedy'
    while (this.#skipRemark(flags));
    if (this.#count() !== null) throw new RegexProblem('a repeat of a repeat')
    return { kind: 'repeat', ...count, greed, body: item }
  }

  /** What an expression says of itself; a count may stand behind remarks on what it repeats. */
  #skipRemark(flags: Flags): boolean {
    return (flags.verbose && this.#cursor.skipRemarks()) || this.#cursor.takeForm(REMARK) !== null
  }

  #count(): { min: number; max: number } | null {
    const cursor = this.#cursor
    if (cursor.take('*')) return { min: 0, max: Infinity }
    if (cursor.take('+')) return { min: 1, max: Infinity }
    if (cursor.take('?')) return { min: 0, max: 1 }
    const found = cursor.takeForm(/\{([0-9]*)(?:(,)([0-9]*))?\}/y)
    if (found === null) return null
    const [whole, min = '', comma, max = ''] = found
    if (comma === undefined) {
      if (min !== '') return { min: Number(min), max: Number(min) }
      cursor.back(whole.length)
      return null
    }
    return { min: Number(min), max: max === '' ? Infinity : Number(max) }
  }
}

/** The start or end of any line: nothing but a line feed stands beside it. */
const lineEdge = (behind: boolean): RegexNode => ({
  kind: 'look',
  behind,
  negated: true,
  body: { kind: 'class', negated: true, ranges: LINE_FEED, categories: [] },
})

/** A character as a node; a letter stands for both cases when case is ignored. */
function literal(char: string, flags: Flags): RegexNode {
  if (!flags.ignoreCase || char.toLowerCase() === char.toUpperCase() || char.length > 1) {
    return { kind: 'literal', text: char }
  }
  const unit = char.charCodeAt(0)
  return { kind: 'class', negated: false, ranges: foldCase([[unit, unit]]), categories: [] }
}

/** A Python expression → its tree. Throws RegexProblem, in words, for what Python refuses or this reader does not know. */
export const parseRegex = (pattern: string, severalLines = false): RegexNode =>
  new Parser(pattern, severalLines).read()

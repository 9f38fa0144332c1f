import { requiredText } from './literal.ts'
import { firstChars } from './first.ts'
import { headOf } from './head.ts'
import { needlesOf, type Needle } from './needed.ts'
import { parseRegex } from './parse.ts'
import { RegexProblem } from './parse-escape.ts'
import { dependsOnReading, printRegex } from './print.ts'
import { Rounds } from './rounds.ts'
import { repeatedName, someNode, type RegexNode } from './node.ts'
import { splitConditionals } from './variants.ts'

const NOT_ASCII = /[^\0-\x7f]/

/** Whether a text has anything but ASCII, which decides how expressions read it. */
export const isWide = (text: string): boolean => NOT_ASCII.test(text)

/**
 * Whether V8's linear engine can take over an expression. It compiles one with the flag `l` only then, and only where
 * that engine is let in (`--enable-experimental-regexp-engine`); elsewhere nothing is known to be linear.
 */
export function isLinear({ source, flags }: RegExp): boolean {
  try {
    return new RegExp(source, `${flags}l`).flags !== ''
  } catch {
    return false
  }
}

const LINE_FEED = 10
const NO_PLACES: readonly number[] = []

function placesOf(names: readonly (string | null)[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>()
  for (const [index, name] of names.entries())
    if (name !== null) places.set(name, [...(places.get(name) ?? []), index + 1])
  return places
}

/** The names of groups with a `$` inside, which V8 lets take the line feed at the end of the text. */
function groupsWithEnd(tree: RegexNode): ReadonlySet<string> {
  const names = new Set<string>()
  someNode(tree, (node) => {
    if (node.kind === 'group' && node.name !== null && someNode(node.body, ({ kind }) => kind === 'line-end'))
      names.add(node.name)
    return false
  })
  return names
}

/** A Python expression that V8 can run. Texts end with a line feed, as they do in fail2ban. */
export class Expression {
  /** The expression as it was given. */
  readonly text: string
  /** The names of its groups. */
  readonly groups: ReadonlySet<string>
  /** Whether one group may stand in for another (`<F-ALT_USER>`). */
  readonly hasAlternatives: boolean
  /** Texts of which every match holds one; null where none are known. */
  readonly needed: readonly Needle[] | null
  /** The characters that texts begin with in which it matches; null: any. */
  readonly firstChars: ReadonlySet<string> | null
  /**
   * What comes before a `content` that is all the rest of the line (`^…<F-CONTENT>.+</F-CONTENT>$`), for the very start of
   * a text; null where the expression is of another kind. Afterwards its lastIndex is where the content begins.
   */
  readonly #head: RegExp | null
  readonly #ascii: RegExp
  readonly #names: readonly (string | null)[]
  /** Where in a match the groups of a name are; the last one that took part counts. */
  readonly #places: ReadonlyMap<string, readonly number[]>
  readonly #tree: RegexNode
  /** Groups with a `$` inside. */
  readonly #ending: ReadonlySet<string>
  readonly #required: string | null
  /** Null where no group is inside a repeat. */
  readonly #rounds: Rounds | null
  /** Made when the first text with other characters comes: most sources never have one. */
  #wide: RegExp | null = null
  /** `d` where the places of groups are asked for. */
  readonly #flags: string

  /** `severalLines`: texts hold several lines, so that a capture may end with a line feed of its own. */
  constructor(text: string, tree: RegexNode, severalLines = false) {
    this.#flags = severalLines ? 'd' : ''
    const printed = printRegex(tree, 'ascii')
    this.text = text
    this.#tree = tree
    this.#ascii = new RegExp(printed.source, this.#flags)
    this.#names = printed.names
    this.#places = placesOf(printed.names)
    this.#ending = groupsWithEnd(tree)
    this.#rounds = Rounds.of(tree)
    this.needed = needlesOf(tree)
    this.firstChars = severalLines ? null : firstChars(tree)
    // One that begins with something of its own sees as quickly by itself that it does not match.
    this.#required = this.firstChars === null ? requiredText(tree) : null
    const head = severalLines ? null : headOf(tree)
    this.#head = head === null ? null : new RegExp(printRegex(head, 'ascii').source, 'y')
    this.groups = new Set(printed.names.filter((name) => name !== null))
    this.hasAlternatives = [...this.groups].some((name) => name.startsWith('alt_'))
  }

  /** The first match in a text, or null. `wide`: what isWide says of the text. */
  find(text: string, wide: boolean): RegExpExecArray | null {
    if (this.#required !== null && !text.includes(this.#required)) return null
    return (wide ? this.#forWide() : this.#ascii).exec(text)
  }

  /**
   * Where in a text of ASCII a `content` begins that is all the rest of it, so that nothing has to be picked apart. Null:
   * that cannot be told, and `find` has to say.
   */
  contentAt(text: string): number | null {
    const head = this.#head
    if (head === null) return null
    head.lastIndex = 0
    return head.test(text) && head.lastIndex < text.length - 1 ? head.lastIndex : null
  }

  /** Whether the text holds a match. */
  holds(text: string, wide: boolean): boolean {
    if (this.#required !== null && !text.includes(this.#required)) return false
    return (wide ? this.#forWide() : this.#ascii).test(text)
  }

  /**
   * What a match captured under a name; the line feed that `$` takes inside a group belongs to the text's end, not to the
   * capture.
   */
  valueOf(found: RegExpExecArray, name: string): string | undefined {
    let value: string | undefined
    for (const place of this.#places.get(name) ?? NO_PLACES) value = found[place] ?? value
    if (value === undefined && this.#rounds !== null) value = this.#earlierValueOf(found, name, this.#rounds)
    if (value === undefined || this.#ending.size === 0 || !this.#ending.has(name)) return value
    return value.charCodeAt(value.length - 1) === LINE_FEED ? value.slice(0, -1) : value
  }

  /** What a group inside a repeat captured in a round before the last one. */
  #earlierValueOf(found: RegExpExecArray, name: string, rounds: Rounds): string | undefined {
    if (!rounds.names.has(name)) return undefined
    return rounds.valueOf(found, name, isWide(found.input) ? 'wide' : 'ascii')
  }

  /** All that a match captured. */
  captures(found: RegExpExecArray): Map<string, string> {
    const captures = new Map<string, string>()
    for (const name of this.#places.keys()) {
      const value = this.valueOf(found, name)
      if (value !== undefined) captures.set(name, value)
    }
    return captures
  }

  /**
   * Whether V8 searches texts (ASCII only, or `wide` ones) in a time that grows with the text alone: its linear engine
   * takes over from a match that goes back too often.
   */
  isLinear(wide: boolean): boolean {
    return isLinear(wide ? this.#forWide() : this.#ascii)
  }

  /** Where in its text a match passed over lines (`<SKIPLINES>`): from, to. */
  skippedIn(found: RegExpExecArray): readonly (readonly [number, number])[] {
    return this.#names.flatMap((name, index) => {
      const place = name?.startsWith('skiplines') === true ? found.indices?.[index + 1] : undefined
      return place === undefined ? [] : [place]
    })
  }

  /** The source that V8 runs for texts of ASCII: for tests of what it is made of. */
  get source(): string {
    return this.#ascii.source
  }

  #forWide(): RegExp {
    if (this.#wide === null) {
      this.#wide = dependsOnReading(this.#tree)
        ? new RegExp(printRegex(this.#tree, 'wide').source, this.#flags)
        : this.#ascii
    }
    return this.#wide
  }
}

/** An expression that runs, or why it cannot. */
export type ExpressionCompiled =
  { readonly ok: true; readonly expression: Expression } | { readonly ok: false; readonly problem: string }

/** Longest expression, after tags; fail2ban's own longest has some thousands. */
const LONGEST = 50_000

/** As in fail2ban flags at the start of a group, capturing or not, are those of the group alone: `((?i)x)` → `(?i:x)`. */
const withLocalFlags = (text: string): string =>
  text.replace(/(?<!\\)\((?:\?:)?\(\?([a-z]+)\)/g, (_, flags: string) => `(?${flags}:`)

/**
 * A Python expression → one that V8 runs with the same meaning, or the reason why not. `severalLines`: `^` and `$`
 * stand at every line.
 */
export function compileExpression(text: string, severalLines = false): ExpressionCompiled {
  if (text.length > LONGEST) return { ok: false, problem: `it is longer than ${LONGEST} characters` }
  try {
    const tree = parseRegex(withLocalFlags(text), severalLines)
    const repeated = repeatedName(tree)
    if (repeated !== null) return { ok: false, problem: `two groups are named '${repeated}'` }
    return { ok: true, expression: new Expression(text, splitConditionals(tree), severalLines) }
  } catch (error) {
    if (error instanceof RegexProblem) return { ok: false, problem: error.message }
    // V8 refuses a few things that Python knows, such as a repeated look-behind or a pattern too large.
    if (error instanceof SyntaxError) return { ok: false, problem: error.message }
    throw error
  }
}

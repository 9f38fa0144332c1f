import { requiredText } from './literal.ts'
import { neededTexts, type Needed } from './needed.ts'
import { parseRegex } from './parse.ts'
import { RegexProblem } from './parse-escape.ts'
import { dependsOnReading, printRegex } from './print.ts'
import { repeatedName, someNode, type RegexNode } from './node.ts'
import { splitConditionals } from './variants.ts'

const NOT_ASCII = /[^\0-\x7f]/

/** Whether a text has anything but ASCII, which decides how expressions read it. */
export const isWide = (text: string): boolean => NOT_ASCII.test(text)

/** What an expression captured, by name; a group that took no part is absent. */
export type Captures = ReadonlyMap<string, string>

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
  /** Texts of which every match holds one; null where none are known. */
  readonly needed: Needed | null
  readonly #ascii: RegExp
  readonly #names: readonly (string | null)[]
  readonly #tree: RegexNode
  /** Groups with a `$` inside. */
  readonly #ending: ReadonlySet<string>
  readonly #required: string | null
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
    this.#ending = groupsWithEnd(tree)
    this.#required = requiredText(tree)
    this.needed = neededTexts(tree)
    this.groups = new Set(printed.names.filter((name) => name !== null))
  }

  /** The first match in a text, or null. `wide`: what isWide says of the text. */
  find(text: string, wide: boolean): RegExpExecArray | null {
    if (this.#required !== null && !text.includes(this.#required)) return null
    return (wide ? this.#forWide() : this.#ascii).exec(text)
  }

  /** Whether the text holds a match. */
  holds(text: string, wide: boolean): boolean {
    if (this.#required !== null && !text.includes(this.#required)) return false
    return (wide ? this.#forWide() : this.#ascii).test(text)
  }

  /** What a match captured; the line feed that `$` takes inside a group belongs to the text's end, not to the capture. */
  captures(found: RegExpExecArray): Captures {
    const captures = new Map<string, string>()
    for (const [index, name] of this.#names.entries()) {
      const value = found[index + 1]
      if (name !== null && value !== undefined)
        captures.set(name, this.#ending.has(name) && value.endsWith('\n') ? value.slice(0, -1) : value)
    }
    return captures
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

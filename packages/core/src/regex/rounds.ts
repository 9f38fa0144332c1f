import { mapChildren, sequenceOf, someNode, type RegexNode } from './node.ts'
import { printRegex, type Printed } from './print.ts'
import type { Reading } from './charset.ts'

type Repeat = Extract<RegexNode, { kind: 'repeat' }>

/** Names that no group of Python's can have. */
const LOOP = '\0loop'
const ROUND = '\0round'
/** Python's numbers of groups are small; these are ours. */
const OUR_NUMBERS = 2_000_000
/** Rounds of one repeat that are looked through: lines are written by attackers. */
const MOST_ROUNDS = 256

const isNamed = (node: RegexNode): boolean => node.kind === 'group' && node.name !== null

/** A repeat of several rounds with captures inside, none of which is referred to. */
const isLoop = (node: RegexNode): node is Repeat =>
  node.kind === 'repeat' &&
  node.max > 1 &&
  someNode(node.body, isNamed) &&
  !someNode(node.body, ({ kind }) => kind === 'reference')

function withoutNames(node: RegexNode): RegexNode {
  const bare = node.kind === 'group' ? { ...node, name: null } : node
  return mapChildren(bare, withoutNames)
}

/** The tree with a group around each outermost loop, in the order in which they stand. */
function wrapLoops(node: RegexNode, loops: Repeat[]): RegexNode {
  if (!isLoop(node)) return mapChildren(node, (child) => wrapLoops(child, loops))
  loops.push(node)
  return { kind: 'group', number: OUR_NUMBERS + loops.length, name: LOOP, body: node }
}

/** A part of an expression with its loops. */
interface Part {
  readonly regex: RegExp
  readonly names: Printed['names']
  /** What matches one round of each loop, in the order of their groups. */
  readonly rounds: readonly Part[]
}

function partOf(tree: RegexNode, reading: Reading, loops: readonly Repeat[]): Part {
  const { source, names } = printRegex(tree, reading)
  return { regex: new RegExp(source, 'dy'), names, rounds: loops.map((loop) => roundOf(loop, reading)) }
}

/** One round, and behind it as many as lead to the end: of all ways to go on the repeat took the first that does. */
function roundOf({ body }: Repeat, reading: Reading): Part {
  const loops: Repeat[] = []
  const round: RegexNode = { kind: 'group', number: OUR_NUMBERS, name: ROUND, body: wrapLoops(body, loops) }
  const more: RegexNode = { kind: 'repeat', min: 0, max: Infinity, greed: 'greedy', body: withoutNames(body) }
  return partOf(sequenceOf([round, more, { kind: 'very-end' }]), reading, loops)
}

/** Where the next round begins; null when there is none. */
function takeRound(round: Part, text: string, at: number, kept: Map<string, string>): number | null {
  round.regex.lastIndex = at
  const found = round.regex.exec(text)
  if (found === null) return null
  keep(round, found, kept)
  return at + (found[round.names.indexOf(ROUND) + 1] ?? '').length
}

/** Takes over what a match captured, loop by loop and round by round. */
function keep(part: Part, found: RegExpExecArray, kept: Map<string, string>): void {
  let loop = 0
  for (const [index, name] of part.names.entries()) {
    const value = found[index + 1]
    if (name !== null && name !== LOOP && name !== ROUND && value !== undefined) kept.set(name, value)
    const round = name === LOOP ? part.rounds[loop++] : undefined
    const place = found.indices?.[index + 1]
    if (round !== undefined && place !== undefined)
      keepRounds(round, found.input.slice(0, place[1]), place[0], kept)
  }
}

/** Goes through all rounds of a loop. Where that cannot be done to the end nothing is kept, so that nothing wrong is. */
function keepRounds(round: Part, text: string, from: number, kept: Map<string, string>): void {
  const ofLoop = new Map<string, string>()
  let at = from
  for (let rounds = 0; at < text.length; rounds++) {
    const next = rounds < MOST_ROUNDS ? takeRound(round, text, at, ofLoop) : null
    if (next === null || next === at) return
    at = next
  }
  for (const [name, value] of ofLoop) kept.set(name, value)
}

/**
 * What groups inside a repeat captured in a round before the last one. Python keeps it, V8 forgets it with each new round:
 * `(?:ip=(\S+) |user=(\S+) )+` captures both in Python, and the last one alone in V8.
 */
export class Rounds {
  /** The names of the groups inside repeats. */
  readonly names: ReadonlySet<string>
  readonly #tree: RegexNode
  readonly #parts = new Map<Reading, Part>()
  #last: { readonly found: RegExpExecArray; readonly kept: ReadonlyMap<string, string> } | null = null

  private constructor(tree: RegexNode, names: ReadonlySet<string>) {
    this.#tree = tree
    this.names = names
  }

  /** Null where no group is inside a repeat. */
  static of(tree: RegexNode): Rounds | null {
    const loops: Repeat[] = []
    wrapLoops(tree, loops)
    const names = new Set<string>()
    for (const loop of loops)
      someNode(loop, (node) => {
        if (node.kind === 'group' && node.name !== null) names.add(node.name)
        return false
      })
    return names.size === 0 ? null : new Rounds(tree, names)
  }

  /** What a match of the expression captured under a name in whichever round. */
  valueOf(found: RegExpExecArray, name: string, reading: Reading): string | undefined {
    if (this.#last?.found !== found) this.#last = { found, kept: this.#keptIn(found, reading) }
    return this.#last.kept.get(name)
  }

  #keptIn(found: RegExpExecArray, reading: Reading): ReadonlyMap<string, string> {
    const part = this.#partFor(reading)
    const kept = new Map<string, string>()
    part.regex.lastIndex = found.index
    const again = part.regex.exec(found.input)
    if (again !== null) keep(part, again, kept)
    return kept
  }

  #partFor(reading: Reading): Part {
    const made = this.#parts.get(reading)
    if (made !== undefined) return made
    const loops: Repeat[] = []
    const part = partOf(wrapLoops(this.#tree, loops), reading, loops)
    this.#parts.set(reading, part)
    return part
  }
}

import { RegexProblem } from './parse-escape.ts'
import { choiceOf, EMPTY, mapChildren, sequenceOf, someNode, type RegexNode } from './node.ts'

/** A way in which a part can match, and whether the group in question took part in it. */
interface Way {
  readonly node: RegexNode
  readonly took: boolean
}

/** Most ways that one expression is split into; beyond that it would grow out of hand. */
const MOST_WAYS = 64

const holdsGroup = (node: RegexNode, number: number): boolean =>
  someNode(node, (inner) => inner.kind === 'group' && inner.number === number)

const asksFor = (node: RegexNode, number: number): boolean =>
  someNode(
    node,
    (inner) => (inner.kind === 'conditional' || inner.kind === 'reference') && inner.number === number,
  )

/** The ways through a part in the order in which the part tries them, told apart by whether the group took part. */
function waysOf(node: RegexNode, number: number): readonly Way[] {
  if (!holdsGroup(node, number)) return [{ node, took: false }]
  switch (node.kind) {
    case 'group': {
      if (node.number === number) return [{ node, took: true }]
      return waysOf(node.body, number).map((way) => ({ ...way, node: { ...node, body: way.node } }))
    }
    case 'choice':
      return node.options.flatMap((option) => waysOf(option, number))
    case 'sequence': {
      const at = node.items.findIndex((item) => holdsGroup(item, number))
      const item = node.items[at] ?? EMPTY
      return waysOf(item, number).map((way) => ({ ...way, node: sequenceOf(node.items.with(at, way.node)) }))
    }
    case 'repeat': {
      if (node.max !== 1) break
      const taken = waysOf(node.body, number)
      if (node.min === 1) return taken
      const skipped: Way = { node: EMPTY, took: false }
      return node.greed === 'lazy' ? [skipped, ...taken] : [...taken, skipped]
    }
    default:
      break
  }
  throw new RegexProblem('a conditional or reference asks for a group inside a repeat or a look-around')
}

/** The part with everything that asks for the group decided. */
function decide(node: RegexNode, number: number, took: boolean): RegexNode {
  if (node.kind === 'conditional' && node.number === number) {
    return decide(took ? node.yes : node.no, number, took)
  }
  // In Python a reference to a group that took no part never matches; in V8 it matches nothing.
  if (node.kind === 'reference' && node.number === number)
    return took ? { ...node, isSure: true } : { kind: 'never' }
  return mapChildren(node, (child) => decide(child, number, took))
}

/** Splits a sequence at the item that holds the group, when something behind it asks for the group. */
function splitSequence(items: readonly RegexNode[], number: number): RegexNode {
  const at = items.findIndex((item) => holdsGroup(item, number))
  const rest = sequenceOf(items.slice(at + 1))
  if (at < 0 || !asksFor(rest, number)) return sequenceOf(items)
  const ways = waysOf(items[at] ?? EMPTY, number)
  if (ways.length > MOST_WAYS)
    throw new RegexProblem('a conditional asks for a group in too many alternatives')
  // A reference to a group that always takes part needs no splitting.
  if (ways.every((way) => way.took))
    return sequenceOf([...items.slice(0, at + 1), decide(rest, number, true)])
  return sequenceOf([
    ...items.slice(0, at),
    choiceOf(ways.map((way) => sequenceOf([way.node, decide(rest, number, way.took)]))),
  ])
}

function split(node: RegexNode, number: number): RegexNode {
  const inner = mapChildren(node, (child) => split(child, number))
  return inner.kind === 'sequence' ? splitSequence(inner.items, number) : inner
}

/** What still asks for the group stands where the group cannot have taken part. */
const decideRest = (node: RegexNode, number: number): RegexNode => {
  if (node.kind === 'conditional' && node.number === number) return decideRest(node.no, number)
  if (node.kind === 'reference' && node.number === number && node.isSure !== true) return { kind: 'never' }
  return mapChildren(node, (child) => decideRest(child, number))
}

function askedGroups(node: RegexNode): readonly number[] {
  const numbers = new Set<number>()
  someNode(node, (inner) => {
    if (inner.kind === 'conditional' || inner.kind === 'reference') numbers.add(inner.number)
    return false
  })
  return [...numbers]
}

const sizeOf = (node: RegexNode): number => {
  let size = 0
  someNode(node, () => {
    size++
    return false
  })
  return size
}

/** Most parts of an expression after splitting. */
const LARGEST = 20_000

/**
 * V8 has no conditionals `(?(n)yes|no)`, and takes references to groups that took no part differently. So a
 * sequence with a group and something that asks for it becomes a choice of sequences: one in which the group
 * took part, one in which it did not, tried in the order in which the original would.
 */
export function splitConditionals(node: RegexNode): RegexNode {
  let result = node
  for (const number of askedGroups(node)) {
    result = decideRest(split(result, number), number)
    if (sizeOf(result) > LARGEST) throw new RegexProblem('its conditionals make it too large')
  }
  return result
}

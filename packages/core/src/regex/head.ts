import { sequenceOf, someNode, type RegexNode } from './node.ts'

/** Nothing but a line feed is left out. */
const isAnyButLineFeed = (node: RegexNode): boolean =>
  node.kind === 'class' &&
  node.negated &&
  node.categories.length === 0 &&
  node.ranges.length === 1 &&
  node.ranges[0]?.[0] === 10 &&
  node.ranges[0][1] === 10

/** `.+`, as often as possible. */
const isRest = (node: RegexNode): boolean =>
  node.kind === 'repeat' &&
  node.min === 1 &&
  node.max === Infinity &&
  node.greed === 'greedy' &&
  isAnyButLineFeed(node.body)

/**
 * What comes before a group `content` that takes all the rest of a line, of an expression that begins at its start, ends at
 * its end and captures nothing else. On a text of one line its first match leaves the same content as the whole expression,
 * provided that it leaves anything. Null: the expression is of another kind.
 */
export function headOf(tree: RegexNode): RegexNode | null {
  if (tree.kind !== 'sequence' || tree.items.length < 3) return null
  const [first] = tree.items
  const [content, end] = tree.items.slice(-2)
  if (first?.kind !== 'start' || end?.kind !== 'line-end') return null
  if (content?.kind !== 'group' || content.name !== 'content' || !isRest(content.body)) return null
  const head = sequenceOf(tree.items.slice(0, -2))
  return someNode(head, ({ kind }) => kind === 'group' || kind === 'look' || kind === 'conditional')
    ? null
    : head
}

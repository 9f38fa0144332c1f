import type { Category, CharSet } from './charset.ts'

/** A category inside a class: `\w`, or `\W` when negated. */
export interface ClassCategory {
  readonly category: Category
  readonly negated: boolean
}

/** How often a repeat tries: as often as possible, as rarely as possible, or without giving back. */
export type Greed = 'greedy' | 'lazy' | 'possessive'

/** A Python expression, read. Groups that nobody asks for are not in it. */
export type RegexNode =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'class'
      readonly negated: boolean
      readonly ranges: CharSet
      readonly categories: readonly ClassCategory[]
    }
  | { readonly kind: 'start' | 'line-end' | 'very-end' | 'boundary' | 'no-boundary' | 'never' }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexNode[] }
  | {
      readonly kind: 'group'
      readonly number: number
      readonly name: string | null
      readonly body: RegexNode
    }
  | { readonly kind: 'look'; readonly behind: boolean; readonly negated: boolean; readonly body: RegexNode }
  | { readonly kind: 'atomic'; readonly body: RegexNode }
  | {
      readonly kind: 'repeat'
      readonly min: number
      /** Infinity: without a limit. */
      readonly max: number
      readonly greed: Greed
      readonly body: RegexNode
    }
  | {
      readonly kind: 'reference'
      readonly number: number
      /** Whether its group certainly took part. */
      readonly isSure?: boolean
    }
  | {
      readonly kind: 'conditional'
      readonly number: number
      readonly yes: RegexNode
      readonly no: RegexNode
    }

/** Matches nothing and takes nothing: always true. */
export const EMPTY: RegexNode = { kind: 'sequence', items: [] }

/** Items as one node; a single one stands for itself. */
export function sequenceOf(items: readonly RegexNode[]): RegexNode {
  const [only] = items
  return items.length === 1 && only !== undefined ? only : { kind: 'sequence', items }
}

/** Options as one node; a single one stands for itself. */
export function choiceOf(options: readonly RegexNode[]): RegexNode {
  const [only] = options
  return options.length === 1 && only !== undefined ? only : { kind: 'choice', options }
}

/** The nodes directly inside a node. */
export function childrenOf(node: RegexNode): readonly RegexNode[] {
  switch (node.kind) {
    case 'sequence':
      return node.items
    case 'choice':
      return node.options
    case 'group':
    case 'look':
    case 'atomic':
    case 'repeat':
      return [node.body]
    case 'conditional':
      return [node.yes, node.no]
    default:
      return []
  }
}

/** Whether a node, or one anywhere inside it, is what is asked for. */
export const someNode = (node: RegexNode, asked: (node: RegexNode) => boolean): boolean =>
  asked(node) || childrenOf(node).some((child) => someNode(child, asked))

/** The node with what is directly inside it replaced. */
export function mapChildren(node: RegexNode, change: (child: RegexNode) => RegexNode): RegexNode {
  switch (node.kind) {
    case 'sequence':
      return { kind: 'sequence', items: node.items.map(change) }
    case 'choice':
      return { kind: 'choice', options: node.options.map(change) }
    case 'group':
    case 'look':
    case 'atomic':
    case 'repeat':
      return { ...node, body: change(node.body) }
    case 'conditional':
      return { ...node, yes: change(node.yes), no: change(node.no) }
    default:
      return node
  }
}

/** Whether a node can match without taking a character. When in doubt it can. */
export function canBeEmpty(node: RegexNode): boolean {
  switch (node.kind) {
    case 'literal':
    case 'class':
    case 'never':
      return false
    case 'sequence':
      return node.items.every(canBeEmpty)
    case 'choice':
      return node.options.some(canBeEmpty)
    case 'group':
    case 'atomic':
      return canBeEmpty(node.body)
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.body)
    default:
      return true
  }
}

/** A name that two groups have; Python refuses that. Null: there is none. */
export function repeatedName(root: RegexNode): string | null {
  const names = new Set<string>()
  let repeated: string | null = null
  someNode(root, (node) => {
    if (node.kind !== 'group' || node.name === null) return false
    if (names.has(node.name)) repeated = node.name
    names.add(node.name)
    return repeated !== null
  })
  return repeated
}

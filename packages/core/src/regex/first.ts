import type { RegexNode } from './node.ts'

/** The characters that something may begin with, and whether it may be empty, so that what follows it counts too. */
interface Beginning {
  readonly chars: readonly string[]
  readonly isOpen: boolean
}

const NOTHING_YET: Beginning = { chars: [], isOpen: true }

function beginningOfAll(nodes: readonly RegexNode[]): Beginning | null {
  const chars: string[] = []
  for (const node of nodes) {
    const beginning = beginningOf(node)
    if (beginning === null) return null
    chars.push(...beginning.chars)
    if (!beginning.isOpen) return { chars, isOpen: false }
  }
  return { chars, isOpen: true }
}

function beginningOf(node: RegexNode): Beginning | null {
  switch (node.kind) {
    case 'literal':
      return node.text === '' ? NOTHING_YET : { chars: [node.text.charAt(0)], isOpen: false }
    case 'sequence':
      return beginningOfAll(node.items)
    case 'group':
    case 'atomic':
      return beginningOf(node.body)
    case 'repeat': {
      const body = beginningOf(node.body)
      return body === null || node.min > 0 ? body : { ...body, isOpen: true }
    }
    case 'choice': {
      const options = node.options.map(beginningOf)
      if (!options.every((option) => option !== null)) return null
      return { chars: options.flatMap(({ chars }) => chars), isOpen: options.some(({ isOpen }) => isOpen) }
    }
    default:
      return null
  }
}

/**
 * The characters with which a text begins that an expression for its very start (`^…`) can match; null where that is
 * another expression, or they are not written out.
 */
export function firstChars(tree: RegexNode): ReadonlySet<string> | null {
  const [start, ...rest] = tree.kind === 'sequence' ? tree.items : []
  if (start?.kind !== 'start') return null
  const beginning = beginningOfAll(rest)
  return beginning === null || beginning.isOpen ? null : new Set(beginning.chars)
}

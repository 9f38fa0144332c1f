import type { RegexNode } from './node.ts'

/** Shorter texts are found about as often as not, so looking for them first gains nothing. */
const SHORTEST = 3

/** The runs of plain text that every match of the node holds, put into `runs`; the last one is still growing. */
function collect(node: RegexNode, runs: string[]): void {
  switch (node.kind) {
    case 'literal':
      runs.push(`${runs.pop() ?? ''}${node.text}`)
      return
    case 'sequence':
      for (const item of node.items) collect(item, runs)
      return
    case 'group':
      collect(node.body, runs)
      return
    case 'atomic':
      collect(node.body, runs)
      return
    case 'repeat':
      runs.push('')
      if (node.min > 0) collect(node.body, runs)
      runs.push('')
      return
    case 'start':
    case 'boundary':
    case 'no-boundary':
      return
    default:
      runs.push('')
  }
}

/**
 * A text that every match of the expression holds: the longest one found, or null. Looking for it first is many
 * times quicker than the expression, and spares hostile lines the expression altogether.
 */
export function requiredText(root: RegexNode): string | null {
  const runs: string[] = ['']
  collect(root, runs)
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '')
  return longest.length < SHORTEST ? null : longest
}

/** A node of a syntax tree, of a script or of a template. */
export interface SourceNode {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

export const isNode = (value: unknown): value is SourceNode =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string'

/** What holds no text that is shown: types, positions, styles. */
const ASIDE = new Set([
  'loc',
  'metadata',
  'leadingComments',
  'trailingComments',
  'typeAnnotation',
  'returnType',
  'css',
])

/** The nodes right inside of a node; a template's lists of nodes count as inside of it. */
export function childrenOf(node: SourceNode): readonly unknown[] {
  return Object.entries(node).flatMap(([key, value]) => {
    if (ASIDE.has(key)) return []
    return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []
  })
}

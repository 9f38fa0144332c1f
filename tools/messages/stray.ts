// Text that somebody sees and that no t() says.
import { childrenOf, isNode, type SourceNode } from './nodes.ts'

/** Attributes of elements and of our own parts that somebody reads or hears. */
const READ =
  /^(label|title|aria-label|aria-valuetext|aria-description|placeholder|word|note|hint|text|words|empty|detail|deed|about|alt|problem|message|remedy)$/
/** Properties of objects that become such. */
const READ_KEYS = /^(label|title|word|words|note|hint|detail|deed|empty|heading|message|remedy|intro)$/

/**
 * What is the same in every language: names of products and protocols, keys of the keyboard, what is typed into files
 * (fail2ban's own words), units and samples of what to type.
 */
const SAME = new Set([
  ...[
    'Warder',
    '· Warder',
    'Proxmox',
    'API',
    'Esc',
    'Enter',
    'Ctrl+K',
    'warder enrol',
    'STARTTLS (587)',
    'TLS (465)',
  ],
  ...[
    'failregex',
    'prefregex',
    'ignoreregex',
    'datepattern',
    'maxlines',
    'maxretry',
    'findtime',
    'bantime',
    'policy',
  ],
  ...['ntfy', 'Gotify', 'Telegram', 'Discord', 'Slack', 'Matrix', 'Webhook', 'edge', 'AS'],
])
const SAMPLE = /^[\d\s.:,/#a-f%^\\]*$|^\d+\.\d+\.\d+\.\d+|\\S|^\(?https?:|^\/invitation#|^tk_|^[\w.]+@/

interface Tree {
  readonly fragment: unknown
  readonly module?: { readonly content: unknown } | null | undefined
  readonly instance?: { readonly content: unknown } | null | undefined
}

const isText = (text: string): boolean =>
  /\p{L}{2}/u.test(text) && !SAME.has(text.trim()) && !SAMPLE.test(text.trim())

/** Every text of a template that is shown as it stands in the file, and of a script that an object holds to be shown. */
export function strayTexts(tree: Tree, source: string): readonly string[] {
  const found: string[] = []
  const tell = (node: SourceNode, text: string): void => {
    const line = source.slice(0, node.start).split('\n').length
    found.push(`line ${line}: “${text.trim().replaceAll(/\s+/g, ' ')}” is not said by t()`)
  }
  const walk = (node: unknown): void => {
    if (!isNode(node) || ['StyleSheet', 'StyleDirective', 'Comment'].includes(node.type)) return
    if (node.type === 'Text' && typeof node['data'] === 'string' && isText(node['data']))
      tell(node, node['data'])
    if (node.type === 'Attribute')
      return String(node['name']).startsWith('style') ? undefined : attribute(node)
    if (node.type === 'ExpressionTag') return shown(node['expression'])
    for (const child of childrenOf(node)) walk(child)
  }
  const attribute = (node: SourceNode): void => {
    const value = node['value']
    const parts = Array.isArray(value) ? value : [value]
    const isRead = READ.test(String(node['name']))
    for (const part of parts) {
      if (!isNode(part)) continue
      if (part.type === 'Text') {
        if (isRead && isText(String(part['data']))) tell(part, String(part['data']))
      } else if (isRead) shown(part['expression'])
      else keyed(part['expression'])
    }
  }
  /** An expression whose value is shown: literals in it are texts, but for what is compared or passed on. */
  const shown = (node: unknown): void => {
    if (!isNode(node)) return
    if (node.type === 'Literal' && typeof node['value'] === 'string' && isText(node['value']))
      tell(node, node['value'])
    if (node.type === 'TemplateElement' && isText(cooked(node))) tell(node, cooked(node))
    if (node.type === 'ConditionalExpression') {
      shown(node['consequent'])
      shown(node['alternate'])
    } else if (node.type === 'LogicalExpression') {
      shown(node['left'])
      shown(node['right'])
    } else if (node.type === 'TemplateLiteral') {
      for (const child of childrenOf(node)) shown(child)
    } else keyed(node)
  }
  /** Objects inside of an expression: what their read properties hold is shown. */
  const keyed = (node: unknown): void => {
    if (!isNode(node)) return
    if (node.type === 'Property' && isNode(node['key']) && READ_KEYS.test(String(node['key']['name'])))
      return shown(node['value'])
    for (const child of childrenOf(node)) keyed(child)
  }
  walk(tree.fragment)
  for (const script of [tree.module, tree.instance]) if (script) keyed(script.content)
  return found
}

function cooked(node: SourceNode): string {
  const value: unknown = node['value']
  return typeof value === 'object' && value !== null ? String(Reflect.get(value, 'cooked')) : ''
}

// What the dashboard says, out of its source: by the syntax tree, so that only what is a message is taken for one.
import { readFileSync } from 'node:fs'
import { globSync } from 'node:fs'
import { parse } from 'svelte/compiler'
import { inRoot } from '../root.ts'
import { childrenOf, isNode, type SourceNode } from './nodes.ts'
import { strayTexts } from './stray.ts'

/** A message of the source: its key, the English text for one where it counts, and the files that say it. */
export interface Message {
  readonly key: string
  /** English for one thing; null: it does not count. */
  readonly one: string | null
  readonly files: readonly string[]
}

/** What the source says, and what is wrong in it: each a place with a sentence. */
export interface Collected {
  readonly messages: readonly Message[]
  readonly faults: readonly string[]
}

const WEB = 'apps/web/src'
/** How a message is said: `t`, `said` and `english` with a text, `n` and `counted` with a number and two. */
const PLAIN = new Set(['t', 'said', 'english'])
const COUNTING = new Set(['n', 'counted'])
/** Who says what is no literal: a table of `english` texts, through one of these. */
const FROM_TABLES = new Set(['t', 'said'])
/** The gallery shows parts of the dashboard with samples, to those who build it. The language's own files say nothing. */
const SILENT = /\/(views\/gallery|sample|language)\//

interface Scope {
  readonly file: string
  /** Whether this is read once, when the module or the component begins, and stays in the language of then. */
  readonly isOnce: boolean
}

class Collector {
  readonly found = new Map<string, { one: string | null; files: Set<string> }>()
  readonly faults: string[] = []

  file(file: string): void {
    const source = readFileSync(inRoot(file), 'utf8')
    const isSvelte = file.endsWith('.svelte')
    // A module's script is parsed as it stands in a component: one parser for both.
    const text = isSvelte ? source : `<script lang="ts" module>${source}</script>`
    const tree = parse(text, { modern: true, filename: file })
    for (const script of [tree.module, tree.instance])
      if (script) this.#walk(script.content, { file, isOnce: true })
    this.#walk(tree.fragment, { file, isOnce: false })
    this.faults.push(...strayTexts(tree, text).map((stray) => `${file}: ${stray}`))
  }

  #walk(node: unknown, scope: Scope): void {
    if (!isNode(node)) return
    if (node.type === 'CallExpression') this.#call(node, scope)
    const inner = isLater(node) ? { ...scope, isOnce: false } : scope
    for (const child of childrenOf(node)) this.#walk(child, inner)
  }

  #call(node: SourceNode, { file, isOnce }: Scope): void {
    const name = calledName(node)
    if (name === null || !(PLAIN.has(name) || COUNTING.has(name))) return
    const texts = argumentsOf(node).slice(COUNTING.has(name) ? 1 : 0)
    const key = textOf(texts[COUNTING.has(name) ? 1 : 0])
    const one = COUNTING.has(name) ? textOf(texts[0]) : null
    if (key === null || (COUNTING.has(name) && one === null)) {
      if (!FROM_TABLES.has(name))
        this.faults.push(
          `${file}: ${name}() needs its texts as they are, not computed: a catalogue has to know them`,
        )
      return
    }
    if (isOnce && name !== 'english')
      this.faults.push(
        `${file}: “${key}” is said once and stays in the language of then: use $derived, a function, or english()`,
      )
    this.#add(file, key, one)
  }

  #add(file: string, key: string, one: string | null): void {
    const known = this.found.get(key)
    if (known === undefined) this.found.set(key, { one, files: new Set([file]) })
    else if (known.one === one) known.files.add(file)
    else this.faults.push(`${file}: “${key}” is said elsewhere with another English text for one thing`)
  }
}

/** What is in a function or a `$derived` is said anew each time. */
function isLater(node: SourceNode): boolean {
  if (/^(Function|ArrowFunction)/.test(node.type)) return true
  if (node.type === 'PropertyDefinition' || node.type === 'MethodDefinition') return true
  return node.type === 'CallExpression' && /^\$(derived|effect)/.test(dottedName(node['callee']))
}

function calledName(node: SourceNode): string | null {
  const callee = node['callee']
  return isNode(callee) && callee.type === 'Identifier' ? String(callee['name']) : null
}

function dottedName(node: unknown): string {
  if (!isNode(node)) return ''
  if (node.type === 'Identifier') return String(node['name'])
  return node.type === 'MemberExpression'
    ? `${dottedName(node['object'])}.${dottedName(node['property'])}`
    : ''
}

const argumentsOf = (node: SourceNode): readonly unknown[] =>
  Array.isArray(node['arguments']) ? node['arguments'] : []

function textOf(node: unknown): string | null {
  return isNode(node) && node.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : null
}

/** All messages of the dashboard in order of their keys, and what is wrong with how they are said. */
export function collect(): Collected {
  const collector = new Collector()
  const files = globSync(`${WEB}/**/*.{ts,svelte}`, { cwd: inRoot() }).filter(
    (file) => !SILENT.test(`/${file}`) && !/\.(test|d)\.ts$/.test(file),
  )
  for (const file of files.sort()) collector.file(file)
  const messages = [...collector.found]
    .map(([key, { one, files: places }]) => ({ key, one, files: [...places] }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  return { messages, faults: collector.faults }
}

import type { Needle } from '@warder/core'
import { FIND_LINES } from './find-lines.wasm.ts'
import { WasmInstance, WasmMemory, WasmModule, type Memory } from './web-assembly.ts'
import { toNeedles, type Needles } from './needles.ts'

// How the memory is divided that the search works in; it knows as well.
const PAGE = 65_536
const CLUES_AT = 64
const TEXTS_AT = 1_024
const FOUND_AT = 32_768
const BYTES_AT = 65_536
/** The search reads so far beyond the end. */
const BEYOND = 64

/** What was found in a block. */
export interface FoundLines {
  /** How many lines the block has. */
  readonly lines: number
  /** Start and end of each line that holds one of the texts, in order; the end is at its newline. */
  readonly places: Uint32Array
  /** Whether all bytes are ASCII. */
  readonly isAscii: boolean
}

type Find = (from: number, to: number) => number

interface Search extends Readonly<Record<Needles['by'], Find>> {
  readonly memory: Memory
}

let search: Search | null = null
const known = new WeakMap<readonly Needle[], Needles>()

function load(): Search {
  const memory = new WasmMemory({ initial: 2 })
  const module = new WasmModule(Buffer.from(FIND_LINES, 'base64'))
  const { findByMasks, findByPairs } = new WasmInstance(module, { env: { memory } }).exports
  return { memory, masks: toFind(findByMasks), pairs: toFind(findByPairs) }
}

function toFind(exported: unknown): Find {
  if (typeof exported !== 'function') throw new Error('the search for lines is not what it was made as')
  return (from, to) => Number(exported(from, to))
}

function listOf(needles: readonly Needle[]): Needles {
  const made = known.get(needles) ?? toNeedles(needles)
  known.set(needles, made)
  return made
}

/**
 * Finds the lines that hold one of the texts (three characters or more each, 64 at most), and one of those beside it where
 * there are few, in bytes that end with a newline. Only the lines' bytes are looked at: a text with a line feed is never found.
 */
export function findLines(bytes: Uint8Array, needles: readonly Needle[]): FoundLines {
  search ??= load()
  const { memory } = search
  const missing = BYTES_AT + bytes.length + BEYOND - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
  const { by, clues, list } = listOf(needles)
  const find = search[by]
  const place = new Uint8Array(memory.buffer)
  const end = BYTES_AT + bytes.length
  place.set(clues, CLUES_AT)
  place.set(list, TEXTS_AT)
  place.set(bytes, BYTES_AT)
  place.fill(0, end, end + BEYOND)
  const answer = new Uint32Array(memory.buffer, 0, 3)
  const parts: Uint32Array[] = []
  let lines = 0
  let isAscii = true
  for (let from = BYTES_AT; from < end; from = answer[1] ?? end) {
    const found = find(from, end)
    parts.push(new Uint32Array(memory.buffer, FOUND_AT, found * 2).slice())
    lines += answer[0] ?? 0
    isAscii &&= answer[2] === 0
  }
  return { lines, places: joined(parts), isAscii }
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const all = new Uint32Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

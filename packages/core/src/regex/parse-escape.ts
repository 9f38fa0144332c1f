import type { Category } from './charset.ts'
import type { Cursor } from './cursor.ts'

/** Why an expression cannot be used, in words. Caught where expressions are compiled; never leaves the core. */
export class RegexProblem extends Error {}

/** What a backslash and the character after it mean. */
export type Escape =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'category'; readonly category: Category; readonly negated: boolean }
  | { readonly kind: 'reference'; readonly number: number }
  | { readonly kind: 'start' | 'very-end' | 'boundary' | 'no-boundary' }

const CONTROLS: Readonly<Record<string, string>> = {
  a: '\x07',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

const CATEGORIES: Readonly<Record<string, { category: Category; negated: boolean }>> = {
  d: { category: 'd', negated: false },
  D: { category: 'd', negated: true },
  s: { category: 's', negated: false },
  S: { category: 's', negated: true },
  w: { category: 'w', negated: false },
  W: { category: 'w', negated: true },
}

const PLACES: Readonly<Record<string, 'start' | 'very-end' | 'boundary' | 'no-boundary'>> = {
  A: 'start',
  Z: 'very-end',
  z: 'very-end',
  b: 'boundary',
  B: 'no-boundary',
}

/** `\x41`, `\u0041`, `\U00000041` and octal numbers. */
function readNumber(cursor: Cursor, place: 'outside' | 'class'): Escape | null {
  const hex = cursor.takeForm(/x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})/y)
  if (hex !== null) {
    const point = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16)
    if (point > 0x10ffff) throw new RegexProblem(`\\${hex[0]} is beyond Unicode`)
    return { kind: 'char', char: String.fromCodePoint(point) }
  }
  const octal = cursor.takeForm(place === 'class' ? /[0-7]{1,3}/y : /0[0-7]{0,2}|[0-3][0-7]{2}/y)
  if (octal !== null) return { kind: 'char', char: String.fromCharCode(Number.parseInt(octal[0], 8)) }
  const reference = place === 'class' ? null : cursor.takeForm(/[1-9][0-9]?/y)
  return reference === null ? null : { kind: 'reference', number: Number(reference[0]) }
}

/** What comes after a backslash. Letters that Python gives no meaning are refused, as Python does. */
export function readEscape(cursor: Cursor, place: 'outside' | 'class'): Escape {
  if (cursor.done) throw new RegexProblem('a lone backslash at the end')
  const numbered = readNumber(cursor, place)
  if (numbered !== null) return numbered
  const char = cursor.next()
  if (place === 'class' && char === 'b') return { kind: 'char', char: '\b' }
  const control = CONTROLS[char]
  if (control !== undefined) return { kind: 'char', char: control }
  const category = CATEGORIES[char]
  if (category !== undefined) return { kind: 'category', ...category }
  const placed = place === 'class' ? undefined : PLACES[char]
  if (placed !== undefined) return { kind: placed }
  if (/[A-Za-z0-9]/.test(char)) throw new RegexProblem(`the escape \\${char} has no meaning`)
  return { kind: 'char', char }
}

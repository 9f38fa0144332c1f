import { quote } from './problem.ts'

/** `sshd[mode=aggressive, port="22,2222"]` taken apart. Names of options keep their spelling. */
export interface Reference {
  readonly name: string
  readonly options: ReadonlyMap<string, string>
}

/** A reference, or why the text is none. */
export type ReferenceResult =
  { readonly ok: true; readonly reference: Reference } | { readonly ok: false; readonly reason: string }

/**
 * Parses `name[option=value, option2="a,b"][option3='c']` as jails write it for their filter and actions. Values are
 * bare (up to `,` or `]`) or quoted without escapes; line feeds may stand between options.
 */
export function parseReference(text: string): ReferenceResult {
  const [, name, bracketed] = /^([^[]+)(?:\[(.*)\])?\s*$/s.exec(text) ?? []
  if (name === undefined)
    return { ok: false, reason: `${quote(text)} is not a name with [option=value] behind it` }
  const options = new Map<string, string>()
  let rest = bracketed ?? ''
  while (!/^,?\s*$/.test(rest)) {
    const option = readOption(rest)
    if (option === null) return { ok: false, reason: `unexpected ${quote(rest)} in ${quote(text)}` }
    options.set(option.name, option.value)
    rest = option.rest
  }
  return { ok: true, reference: { name, options } }
}

/** `name=`, or `name?family=inet6=` for a value that holds under a condition. */
const NAME = /\s*([\p{L}\p{N}_.-]+(?:\?[\p{L}\p{N}_.-]+=[\p{L}\p{N}_.-]+)?)=/uy
const QUOTED = /"([^"]*)"|'([^']*)'/y
/** Up to a comma or the end of the group; quotes that are not closed are part of it. */
const BARE = /[^,\]]*/y
/** What ends a value: a comma, `][` of the next group, or the end. */
const ENDED = /,|\]\s*\[|\n?$/y

function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at
  return form.exec(text)
}

/** One `option=value` at the start of a text, and what is left behind it; null: there is none. */
function readOption(text: string): { name: string; value: string; rest: string } | null {
  const named = matchAt(NAME, text, 0)
  if (named?.[1] === undefined) return null
  const at = named[0].length
  const value = matchAt(QUOTED, text, at) ?? matchAt(BARE, text, at)
  const end = at + (value?.[0].length ?? 0)
  const ended = matchAt(ENDED, text, end)
  if (ended === null) return null
  const inner = value?.[1] ?? value?.[2] ?? value?.[0] ?? ''
  return { name: named[1], value: inner.trim(), rest: text.slice(end + ended[0].length) }
}

const BLANKS = /\s*/y
const BETWEEN_GROUPS = /\]\s*\[/y
const CLOSED = /\](?=\s|$)/y

/** Finds where the brackets behind a name end. What was tried from a place is remembered, so that it takes no longer for odd text. */
class Brackets {
  readonly #text: string
  readonly #ends = new Map<number, number | null>()

  constructor(text: string) {
    this.#text = text
  }

  /** The end of the brackets when this is read from inside of them; null: they are not what brackets should be. */
  endFrom(inside: number): number | null {
    const at = inside + (matchAt(BLANKS, this.#text, inside)?.[0].length ?? 0)
    const known = this.#ends.get(at)
    if (known !== undefined) return known
    const closed = matchAt(CLOSED, this.#text, at)
    const end = this.#endBehindOption(at) ?? (closed === null ? null : at + 1)
    this.#ends.set(at, end)
    return end
  }

  #endBehindOption(at: number): number | null {
    const named = matchAt(NAME, this.#text, at)
    if (named === null || /^\s/.test(named[0])) return null
    const from = at + named[0].length
    for (const form of [QUOTED, BARE]) {
      const value = matchAt(form, this.#text, from)
      const end = value === null ? null : this.#endBehindValue(from + value[0].length)
      if (end !== null) return end
    }
    return null
  }

  #endBehindValue(end: number): number | null {
    const at = end + (matchAt(BLANKS, this.#text, end)?.[0].length ?? 0)
    if (this.#text[at] === ',') return this.endFrom(at + 1)
    const between = matchAt(BETWEEN_GROUPS, this.#text, at)
    return (between === null ? null : this.endFrom(at + between[0].length)) ?? this.endFrom(at)
  }
}

const WORD = /[^[\s]+/y
const OPENED = /\s*\[/y
const RUN = /\S+/y

/** Splits a list of references at blanks and line feeds; brackets stay with their name where they are complete. */
export function splitReferences(text: string): readonly string[] {
  const list: string[] = []
  const brackets = new Brackets(text)
  let at = 0
  for (;;) {
    at += matchAt(BLANKS, text, at)?.[0].length ?? 0
    if (at >= text.length) return list
    const word = matchAt(WORD, text, at)?.[0] ?? ''
    const opened = word === '' ? null : matchAt(OPENED, text, at + word.length)
    const inside = opened === null ? null : at + word.length + opened[0].length
    const run = at + (matchAt(RUN, text, at)?.[0].length ?? 1)
    const end = (inside === null ? null : brackets.endFrom(inside)) ?? run
    list.push(text.slice(at, end))
    at = end
  }
}

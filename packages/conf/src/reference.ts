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
    const [whole, option, ...values] = OPTION.exec(rest) ?? []
    if (whole === undefined || option === undefined)
      return { ok: false, reason: `unexpected ${quote(rest)} in ${quote(text)}` }
    options.set(option, values.find((value) => value !== undefined) ?? '')
    rest = rest.slice(whole.length)
  }
  return { ok: true, reference: { name, options } }
}

/** One `option=value` with what ends it: a comma, `][` of the next group, or the end. */
const OPTION = /^\s*([\w.-]+(?:\?\w+=\w+)?)=(?:"([^"]*)"|'([^']*)'|(?!["'])\s*([^,\]]*?)\s*)(?:,|\]\s*\[|$)/

/** Splits a list of references at blanks and line feeds; what stands in brackets or quotes stays together. */
export function splitReferences(text: string): readonly string[] {
  const list: string[] = []
  let current = ''
  let depth = 0
  let open: string | null = null
  for (const char of text) {
    if (open !== null) open = char === open ? null : open
    else if (depth > 0 && (char === '"' || char === "'")) open = char
    else if (char === '[') depth += 1
    else if (char === ']') depth = Math.max(0, depth - 1)
    if (depth === 0 && /\s/.test(char)) {
      if (current !== '') list.push(current)
      current = ''
    } else {
      current += char
    }
  }
  return current === '' ? list : [...list, current]
}

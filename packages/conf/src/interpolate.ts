import { quote } from './problem.ts'

/** A text with everything put in, or why that is not possible. */
export type Expansion =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string }

/** How many values may stand inside each other. */
const DEPTH_LIMIT = 10

/** Longest text an expansion may reach: values that double each other grow without bound otherwise. */
export const EXPANSION_LIMIT = 1_048_576

/**
 * Replaces each `%(name)s` by what `lookup` knows under the name (in lower case), and what that contains in turn;
 * `%%` becomes `%`. A lone `%`, an unknown name and more than ten levels are refused.
 */
export function interpolate(
  text: string,
  lookup: (name: string) => string | undefined,
  depth = 1,
): Expansion {
  if (depth > DEPTH_LIMIT)
    return { ok: false, reason: `more than ${DEPTH_LIMIT} values inside each other in ${quote(text)}` }
  let expanded = ''
  let rest = text
  for (let at = rest.indexOf('%'); at >= 0; at = rest.indexOf('%')) {
    expanded += rest.slice(0, at)
    rest = rest.slice(at)
    const part = expandFirst(rest, lookup, depth)
    if (!part.ok) return part
    expanded += part.text
    rest = rest.slice(part.length)
    if (expanded.length > EXPANSION_LIMIT) return { ok: false, reason: 'the value grows beyond all measure' }
  }
  return { ok: true, text: expanded + rest }
}

type Part =
  | { readonly ok: true; readonly text: string; readonly length: number }
  | { readonly ok: false; readonly reason: string }

/** Expands what begins with the `%` at the start of the text; `length` is how much of it that was. */
function expandFirst(text: string, lookup: (name: string) => string | undefined, depth: number): Part {
  if (text.startsWith('%%')) return { ok: true, text: '%', length: 2 }
  const [whole, written] = /^%\(([^)]+)\)s/.exec(text) ?? []
  if (whole === undefined || written === undefined)
    return {
      ok: false,
      reason: `a single % in ${quote(text)}: write %% for a percent sign, %(name)s for a value`,
    }
  // A name with a section is looked up in lower case, and found in the spelling of the file only.
  const isLost = written.includes('/') && written !== written.toLowerCase()
  const value = isLost ? undefined : lookup(written.toLowerCase())
  if (value === undefined) return { ok: false, reason: `${whole} is not known` }
  if (!value.includes('%')) return { ok: true, text: value, length: whole.length }
  const inner = interpolate(value, lookup, depth + 1)
  return inner.ok ? { ok: true, text: inner.text, length: whole.length } : inner
}

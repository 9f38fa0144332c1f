import { isWide, type Captures, type Expression } from '../regex/expression.ts'
import type { CompiledFilter } from './compile.ts'

/** With so many more failregex than ignoreregex it pays to look at the latter first; fail2ban does so too. */
const IGNORE_FIRST = 3

function anyHolds(expressions: readonly Expression[], text: string, wide: boolean): boolean {
  for (const expression of expressions) if (expression.holds(text, wide)) return true
  return false
}

function firstMatch(expressions: readonly Expression[], text: string, wide: boolean): Captures | null {
  for (const expression of expressions) {
    const found = expression.find(text, wide)
    if (found !== null) return expression.captures(found)
  }
  return null
}

/**
 * Runs a filter over a text: a line without its date, ended by a line feed. As in fail2ban the first failregex that
 * matches decides, its captures go over those of prefregex, and ignoreregex looks at what prefregex left of the line.
 */
export function findCaptures(filter: CompiledFilter, text: string): Captures | null {
  const wide = isWide(text)
  const { prefregex, failregex, ignoreregex } = filter
  const ignoreFirst = ignoreregex.length > 0 && failregex.length - ignoreregex.length >= IGNORE_FIRST
  if (ignoreFirst && anyHolds(ignoreregex, text, wide)) return null
  if (prefregex === null) {
    const captures = firstMatch(failregex, text, wide)
    return captures === null || anyHolds(ignoreregex, text, wide) ? null : captures
  }
  const prefix = prefregex.find(text, wide)
  if (prefix === null) return null
  const before = prefregex.captures(prefix)
  const content = before.get('content') ?? ''
  const rest = content === '' ? text : `${content}\n`
  const captures = firstMatch(failregex, rest, wide)
  if (captures === null || anyHolds(ignoreregex, rest, wide)) return null
  return new Map([...before, ...captures])
}

import { isWide, type Captures, type Expression } from '../regex/expression.ts'
import type { CompiledFilter } from './compile.ts'
import { fillAlternatives } from './finding.ts'

/** With so many more failregex than ignoreregex it pays to look at the latter first; fail2ban does so too. */
export const IGNORE_FIRST = 3

/** What the expressions of a filter found in a text. */
export interface Hit {
  /** Which failregex matched, counted from 0. */
  readonly index: number
  readonly captures: Captures
}

/** A hit, and where in which text it lies. */
export interface LocatedHit extends Hit {
  readonly expression: Expression
  readonly text: string
  readonly found: RegExpExecArray
}

function anyHolds(expressions: readonly Expression[], text: string, wide: boolean): boolean {
  for (const expression of expressions) if (expression.holds(text, wide)) return true
  return false
}

function firstMatch(expressions: readonly Expression[], text: string, wide: boolean): LocatedHit | null {
  for (const [index, expression] of expressions.entries()) {
    const found = expression.find(text, wide)
    if (found !== null)
      return { index, captures: fillAlternatives(expression.captures(found)), expression, text, found }
  }
  return null
}

/**
 * What prefregex and failregex find in a text; ignoreregex is looked at beforehand only, where that pays. As in
 * fail2ban the first failregex that matches decides, and its captures go over those of prefregex.
 */
export function locate(filter: CompiledFilter, text: string): LocatedHit | null {
  const wide = isWide(text)
  const { prefregex, failregex, ignoreregex } = filter
  const ignoreFirst = ignoreregex.length > 0 && failregex.length - ignoreregex.length >= IGNORE_FIRST
  if (ignoreFirst && anyHolds(ignoreregex, text, wide)) return null
  if (prefregex === null) return firstMatch(failregex, text, wide)
  const prefix = prefregex.find(text, wide)
  if (prefix === null) return null
  const captures = new Map(fillAlternatives(prefregex.captures(prefix)))
  const content = captures.get('content') ?? ''
  captures.delete('content')
  const hit = firstMatch(failregex, content === '' ? text : `${content}\n`, wide)
  if (hit === null) return null
  for (const [name, value] of hit.captures) captures.set(name, value)
  return { ...hit, captures }
}

/** Whether a filter ignores a text. */
export const isIgnored = (filter: CompiledFilter, text: string): boolean =>
  filter.ignoreregex.length > 0 && anyHolds(filter.ignoreregex, text, isWide(text))

/**
 * Runs a filter over a text: a line without its date, ended by a line feed. ignoreregex looks at what prefregex left
 * of the line.
 */
export function findHit(filter: CompiledFilter, text: string): Hit | null {
  const hit = locate(filter, text)
  return hit === null || isIgnored(filter, hit.text) ? null : hit
}

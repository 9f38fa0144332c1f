import { LayeredCaptures, type Captures, type Matched } from '../regex/captures.ts'
import { isWide, type Expression } from '../regex/expression.ts'
import type { CompiledFilter } from './compile.ts'
import { fillAlternatives } from './finding.ts'

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

/** What prefregex leaves for failregex to look at: the part it picks out, ended by a line feed, else the whole. */
function contentOf(text: string, content: string): string {
  if (content === '') return text
  // Nearly always it is all that is left of the line, whose own line feed ends it: a piece of the text, not a copy.
  const start = text.length - 1 - content.length
  return start >= 0 && text.endsWith('\n') && text.startsWith(content, start)
    ? text.slice(start)
    : `${content}\n`
}

/** What two matches captured, each with its own alternatives filled in. */
function capturesOf(below: Matched | null, expression: Expression, found: RegExpExecArray): Captures {
  if (!expression.hasAlternatives && below?.expression.hasAlternatives !== true)
    return new LayeredCaptures(below, expression, found)
  const captures = new Map(below === null ? [] : fillAlternatives(below.expression.captures(below.found)))
  captures.delete('content')
  for (const [name, value] of fillAlternatives(expression.captures(found))) captures.set(name, value)
  return captures
}

/** The first failregex that matches; what it captured goes over what prefregex did. */
function firstMatch(
  { failregex, dispatch }: CompiledFilter,
  text: string,
  wide: boolean,
  below: Matched | null,
): LocatedHit | null {
  const places = dispatch.for(text)
  for (let at = 0; at < places.length; at++) {
    const index = places[at] ?? 0
    const expression = failregex[index]
    const found = expression?.find(text, wide) ?? null
    if (expression === undefined || found === null) continue
    return { index, captures: capturesOf(below, expression, found), expression, text, found }
  }
  return null
}

/** A text that passed prefregex: the part that failregex looks at, and what was captured before. */
export interface Prepared {
  readonly text: string
  /** What prefregex matched; null where it captured nothing but the part. */
  readonly below: Matched | null
  /** Whether prefregex picked out a part of the text. */
  readonly isPart: boolean
  readonly wide: boolean
}

/**
 * The part of a text that failregex looks at, where it can be told without picking it apart. Null: it cannot, and `prepare`
 * has to say.
 */
function partOf(
  { prefregex, maxlines, ignoresFirst }: CompiledFilter,
  text: string,
  wide: boolean,
): string | null {
  if (ignoresFirst) return null
  if (prefregex === null) return text
  const start = wide || maxlines > 1 ? null : prefregex.contentAt(text)
  return start === null ? null : text.slice(start)
}

/** What is left of a text for failregex; null when it ends before: ignored where it pays to look beforehand, or passed by. */
export function prepare(filter: CompiledFilter, text: string, wide = isWide(text)): Prepared | null {
  const { prefregex, ignoreregex, ignoresFirst } = filter
  if (ignoresFirst && anyHolds(ignoreregex, text, wide)) return null
  if (prefregex === null) return { text, below: null, isPart: false, wide }
  const part = partOf(filter, text, wide)
  if (part !== null) return { text: part, below: null, isPart: true, wide }
  const found = prefregex.find(text, wide)
  if (found === null) return null
  const content = prefregex.valueOf(found, 'content') ?? ''
  const below = { expression: prefregex, found }
  return { text: contentOf(text, content), below, isPart: content !== '', wide }
}

/**
 * What failregex finds in a prepared text. As in fail2ban the first one that matches decides, and its captures go over
 * those of prefregex.
 */
export const locate = (filter: CompiledFilter, { text, wide, below }: Prepared): LocatedHit | null =>
  firstMatch(filter, text, wide, below)

/** Whether a filter ignores a text. */
export const isIgnored = (filter: CompiledFilter, text: string, wide = isWide(text)): boolean =>
  filter.ignoreregex.length > 0 && anyHolds(filter.ignoreregex, text, wide)

function hitIn(filter: CompiledFilter, text: string, wide: boolean): LocatedHit | null {
  const part = partOf(filter, text, wide)
  if (part !== null) return firstMatch(filter, part, wide, null)
  const prepared = prepare(filter, text, wide)
  return prepared === null ? null : locate(filter, prepared)
}

/**
 * Runs a filter over a text: a line without its date, ended by a line feed. ignoreregex looks at what prefregex left
 * of the line.
 */
export function findHit(filter: CompiledFilter, text: string, wide = isWide(text)): Hit | null {
  const hit = hitIn(filter, text, wide)
  return hit === null || isIgnored(filter, hit.text, wide) ? null : hit
}

import { UTC, type ZoneOffset } from '../date/parse.ts'
import type { LogLine } from '../line/line.ts'
import { SourceReader } from '../line/reader.ts'
import type { Captures } from '../regex/captures.ts'
import { compileExpression, isWide, type Expression } from '../regex/expression.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { CompiledFilter } from './compile.ts'
import { isIgnored, locate, prepare } from './find.ts'
import { addressOf, userOf } from './finding.ts'
import { RunningFilter } from './match.ts'

/** What a piece of a line is: its date, what an expression took, or what was captured inside of that. */
export type PieceKind = 'date' | 'match' | 'address' | 'user'

/** A piece of a line, in UTF-16 units from its beginning. */
export interface Piece {
  readonly kind: PieceKind
  readonly from: number
  readonly to: number
}

/**
 * What a filter makes of a line. `matched`: a failure of an address. `nameless`: a failure, but nobody is named that
 * could be banned. `noted`: an expression fits, and other lines of the same connection decide what it means.
 */
export type Verdict = 'matched' | 'ignored' | 'nameless' | 'noted' | 'missed'

/** A line as somebody who tries a filter wants to see it. */
export interface Highlight {
  readonly verdict: Verdict
  /** Which failregex fits, counted from 0; null: none, or that takes several lines. */
  readonly rule: number | null
  /** Which ignoreregex made it ignored, counted from 0. */
  readonly ignoredBy: number | null
  readonly ip: string | null
  /** Attacker text, for display only. */
  readonly user: string | null
  /** When it was written, as far as the line itself or its source says. */
  readonly at: EpochMs | null
  /** In order of `from`, the outer before the inner. */
  readonly pieces: readonly Piece[]
}

/** Lines of one source in their order → what the filter makes of each. `now`: the moment that no date is beyond. */
export type Highlighter = (line: LogLine, now: EpochMs) => Highlight

const ADDRESS_GROUPS = ['ip4', 'ip6', 'fid', 'dns'] as const

/** Something that was found, and where its text begins in the line. */
interface Place {
  readonly found: RegExpExecArray
  readonly expression: Expression
  readonly offset: number
}

/** A filter to look through, line by line. `zone` is the local zone of dates without one (default UTC). */
export function makeHighlighter(filter: CompiledFilter, zone: ZoneOffset = UTC): Highlighter {
  const running = new RunningFilter(filter)
  const reader = new SourceReader(zone)
  const prefix = filter.prefregex === null ? null : placing(filter.prefregex)
  const rules = filter.failregex.map(placing)
  return (line, now) => {
    reader.take(line)
    const finding = running.find(reader, now)
    const { visible } = reader
    const text = reader.text(filter.dates)
    const date = cutOut(visible, text)
    const toVisible = (place: number): number =>
      date === null || place < date.from ? place : place + date.to - date.from
    // Several lines together lie in no single line: only what was decided of the newest one can be told.
    const prepared = filter.maxlines > 1 ? null : prepare(filter, text)
    const hit = prepared === null ? null : locate(filter, prepared)
    const places = hit === null ? [] : placesOf(text, prefix, rules[hit.index] ?? null)
    const captures = finding?.captures ?? hit?.captures ?? null
    const ignored = hit !== null && isIgnored(filter, hit.text)
    const ignoredBy = ignored
      ? filter.ignoreregex.findIndex((one) => one.holds(hit.text, isWide(hit.text)))
      : null
    const dated = line.writtenAt !== undefined || date !== null
    return {
      verdict: verdictOf(finding?.captures ?? null, hit?.captures ?? null, ignored),
      rule: finding?.index ?? hit?.index ?? null,
      ignoredBy,
      ip: captures === null ? null : addressOf(captures),
      user: captures === null ? null : userOf(captures),
      at: dated ? reader.time(filter.dates, now) : null,
      pieces: [...(date === null ? [] : [date]), ...piecesOf(places, toVisible)].toSorted(
        (one, other) => one.from - other.from || other.to - one.to,
      ),
    }
  }
}

/** `hit`: what an expression took of this line alone. */
function verdictOf(failure: Captures | null, hit: Captures | null, ignored: boolean): Verdict {
  if (failure !== null) return addressOf(failure) === null ? 'nameless' : 'matched'
  if (ignored) return 'ignored'
  if (hit === null) return 'missed'
  return hit.has('mlfid') ? 'noted' : 'nameless'
}

/** The part of a line that is not in what was left of it (ended by a line feed). */
function cutOut(visible: string, text: string): Piece | null {
  const rest = text.slice(0, -1)
  const length = visible.length - rest.length
  if (length <= 0) return null
  let tail = 0
  while (tail < rest.length && rest.at(-1 - tail) === visible.at(-1 - tail)) tail++
  const from = rest.length - tail
  return { kind: 'date', from, to: from + length }
}

/** The same expression, told to remember where its groups lie; null where that reads differently. */
function placing(expression: Expression): Expression | null {
  const compiled = compileExpression(expression.text, true)
  return compiled.ok ? compiled.expression : null
}

/** Where prefregex and the failregex that fits lie in a text. */
function placesOf(text: string, prefix: Expression | null, rule: Expression | null): readonly Place[] {
  const wide = isWide(text)
  const outer = prefix?.find(text, wide) ?? null
  const content = outer === null || prefix === null ? null : groupAt(prefix, outer, 'content')
  const inner = content === null ? text : `${text.slice(content[0], content[1])}\n`
  const found = rule?.find(inner, isWide(inner)) ?? null
  return [
    ...(outer === null || prefix === null ? [] : [{ found: outer, expression: prefix, offset: 0 }]),
    ...(found === null || rule === null ? [] : [{ found, expression: rule, offset: content?.[0] ?? 0 }]),
  ]
}

/** Where a group lies in the text of a match: from, to. Null: it took no part, or holds nothing. */
function groupAt(
  expression: Expression,
  found: RegExpExecArray,
  name: string,
): readonly [number, number] | null {
  // The numbers of groups stand in for what they captured, so that the names lead to the numbers.
  const numbers = found.map((value, number) => (value === undefined ? value : String(number)))
  const number = expression
    .captures(Object.assign(numbers, { index: 0, input: '' }) as RegExpExecArray)
    .get(name)
  const place = number === undefined ? undefined : found.indices?.[Number(number)]
  return place === undefined ? null : beforeEnd(found, place)
}

/** A place without the line feed that ends the text, which is not in the line. Null: nothing is left. */
function beforeEnd(
  { input }: RegExpExecArray,
  [from, to]: readonly [number, number],
): readonly [number, number] | null {
  const end = to > from && input[to - 1] === '\n' ? to - 1 : to
  return end > from ? [from, end] : null
}

function piecesOf(places: readonly Place[], toVisible: (place: number) => number): readonly Piece[] {
  const pieces: Piece[] = []
  const add = (kind: PieceKind, [from, to]: readonly [number, number]): void => {
    // From the last character on, so that a date right behind it stays outside.
    pieces.push({ kind, from: toVisible(from), to: toVisible(to - 1) + 1 })
  }
  const inner = places.at(-1)
  if (inner !== undefined) {
    const { found, offset } = inner
    const whole = beforeEnd(found, [found.index, found.index + found[0].length])
    if (whole !== null) add('match', [whole[0] + offset, whole[1] + offset])
  }
  const groups: readonly (readonly [PieceKind, readonly string[]])[] = [
    ['address', ADDRESS_GROUPS],
    ['user', ['user', 'alt_user']],
  ]
  for (const [kind, names] of groups) {
    const place = names.flatMap((name) => lastPlace(places, name) ?? []).at(0)
    if (place !== undefined) add(kind, place.span)
  }
  return pieces
}

/** Where a group lies; a failregex has the word before prefregex. */
function lastPlace(
  places: readonly Place[],
  name: string,
): { readonly span: readonly [number, number] } | null {
  for (const { expression, found, offset } of places.toReversed()) {
    const at = groupAt(expression, found, name)
    if (at !== null) return { span: [at[0] + offset, at[1] + offset] }
  }
  return null
}

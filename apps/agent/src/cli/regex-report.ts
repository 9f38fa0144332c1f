import {
  DateTally,
  type CompiledFilter,
  type EpochMs,
  type FilterDefinition,
  type TrialVerdict,
} from '@warder/core'
import { printable, table } from './show.ts'

/** So many addresses are counted one by one: a log may have millions. */
const COUNTED = 10_000
const SHOWN = 20
/** Up to so many missed lines are in the report. */
const MISSED = 20

/** What a report is about. */
interface About {
  readonly filter: CompiledFilter
  /** The filter as it is written, and what it was taken for. */
  readonly chosen: { readonly filter: FilterDefinition; readonly from: string }
  readonly log: string
  readonly started: EpochMs
}

/** How the report is wanted. */
interface Form {
  readonly isVerbose: boolean
  readonly withMissed: boolean
  /** When the log was at its end. */
  readonly now: EpochMs
}

type Counts = Map<number, number>

/** Counts what a filter made of the lines of a log. */
export class RegexReport {
  readonly #about: About
  readonly #dates: DateTally
  readonly #rules: Counts = new Map()
  readonly #ignoring: Counts = new Map()
  readonly #addresses = new Map<string, number>()
  readonly #missed: string[] = []
  readonly #lines = { all: 0, failure: 0, noted: 0, ignored: 0, missed: 0, late: 0, remark: 0 }
  #first: EpochMs = Infinity
  #last: EpochMs = -Infinity

  constructor(about: About) {
    this.#about = about
    this.#dates = new DateTally(about.filter.dates)
  }

  /** The next line and what became of it (null: it took too long) → its number, from 1. */
  take(text: string, verdict: TrialVerdict | { readonly kind: 'remark' } | null): number {
    this.#lines.all += 1
    this.#lines[verdict?.kind ?? 'late'] += 1
    if (verdict === null || verdict.kind === 'remark') return this.#lines.all
    this.#dates.take(text)
    if (verdict.kind === 'failure' || verdict.kind === 'noted') countIn(this.#rules, verdict.rule)
    if (verdict.kind === 'ignored') countIn(this.#ignoring, verdict.ignoreregex)
    if (verdict.kind === 'missed' && this.#missed.length < MISSED) this.#missed.push(text)
    if (verdict.kind === 'failure') {
      const { host, at } = verdict.failure
      this.#first = Math.min(this.#first, at)
      this.#last = Math.max(this.#last, at)
      const before = this.#addresses.get(host) ?? 0
      if (before > 0 || this.#addresses.size < COUNTED) this.#addresses.set(host, before + 1)
    }
    return this.#lines.all
  }

  /** The report for a person. */
  text({ isVerbose, withMissed, now }: Form): string {
    const { chosen, log, started } = this.#about
    const { filter, from } = chosen
    const { all, failure, ignored, missed, noted, late, remark } = this.#lines
    const more = [
      ...(noted > 0 ? [`${noted} noted (they matched, and are no failure by themselves)`] : []),
      ...(late > 0 ? [`${late} left out (they took too long)`] : []),
    ]
    const dates = this.#dates.hits().map(([form, lines]) => [`  ${lines}`, form])
    return [
      `Filter  ${printable(from)}: ${count(filter.failregex.length, 'expression')}, ${filter.ignoreregex.length} that ignore\n`,
      `Log     ${printable(log)}\n\n`,
      hits('Failregex', filter.failregex, { counts: this.#rules, isVerbose }),
      filter.ignoreregex.length === 0
        ? ''
        : `\n${hits('Ignoreregex', filter.ignoreregex, { counts: this.#ignoring, isVerbose })}`,
      this.#found(),
      `\nDate template hits:\n${dates.length === 0 ? '  none\n' : table([['  LINES', 'FORM'], ...dates])}`,
      `\nLines: ${[count(all - remark, 'line'), `${ignored} ignored`, `${failure} matched`, `${missed} missed`, ...more].join(', ')}\n`,
      `[processed in ${((now - started) / 1_000).toFixed(2)} sec]\n`,
      withMissed && missed > 0 ? this.#missedLines() : '',
    ].join('')
  }

  #found(): string {
    if (this.#lines.failure === 0) return '\nNothing was found.\n'
    const all = [...this.#addresses].toSorted(([, one], [, other]) => other - one)
    const rest = all.length > SHOWN ? `  and ${all.length - SHOWN} more\n` : ''
    const span = [this.#first, this.#last].map((at) => new Date(at).toISOString())
    const rows = all.slice(0, SHOWN).map(([host, times]) => [`  ${host}`, String(times)])
    return `\n${table([['  ADDRESS', 'FAILURES'], ...rows])}${rest}  from ${span.join(' to ')}\n`
  }

  #missedLines(): string {
    const { missed } = this.#lines
    if (missed > MISSED)
      return `\nMissed lines: too many to show; --print-missed prints all ${missed} of them\n`
    return `\nMissed lines:\n${this.#missed.map((line) => `| ${printable(line)}\n`).join('')}`
  }
}

function countIn(counts: Counts, rule: number): void {
  counts.set(rule, (counts.get(rule) ?? 0) + 1)
}

/** How often each expression matched; numbers are those that `rule` has in JSON. */
function hits(
  title: string,
  expressions: readonly string[],
  { counts, isVerbose }: { readonly counts: Counts; readonly isVerbose: boolean },
): string {
  const total = [...counts.values()].reduce((sum, lines) => sum + lines, 0)
  const rows = expressions.flatMap((text, rule) =>
    isVerbose || counts.has(rule) ? [[`  ${rule}`, String(counts.get(rule) ?? 0), text]] : [],
  )
  const others = expressions.length - rows.length
  return [
    `${title}: ${total} total\n`,
    rows.length === 0 ? '' : table([['  RULE', 'LINES', 'EXPRESSION'], ...rows]),
    others === 0
      ? ''
      : `  ${count(others, rows.length === 0 ? 'expression' : 'other')} matched nothing (--verbose shows them)\n`,
  ].join('')
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`

import type { EpochMs, FilterDefinition } from '@warder/core'
import type { Verdict } from '../replay/filter-trial.ts'
import { printable, table } from './show.ts'

/** So many addresses are counted one by one: a log may have millions. */
const COUNTED = 10_000
const SHOWN = 20

/** Counts what a filter made of the lines of a log. */
export class RegexReport {
  readonly #filter: FilterDefinition
  readonly #log: string
  readonly #rules: number[]
  readonly #addresses = new Map<string, number>()
  #lines = 0
  #matched = 0
  #ignored = 0
  #otherRule = 0
  #first: EpochMs = Infinity
  #last: EpochMs = -Infinity

  constructor(filter: FilterDefinition, log: string) {
    this.#filter = filter
    this.#log = log
    this.#rules = filter.failregex.map(() => 0)
  }

  /** The next line → its number, from 1. */
  take({ match, ignored, rule }: Verdict): number {
    this.#lines += 1
    if (ignored) this.#ignored += 1
    if (match === null) return this.#lines
    this.#matched += 1
    if (rule < 0) this.#otherRule += 1
    else this.#rules[rule] = (this.#rules[rule] ?? 0) + 1
    this.#first = Math.min(this.#first, match.at)
    this.#last = Math.max(this.#last, match.at)
    const before = this.#addresses.get(match.ip) ?? 0
    if (before > 0 || this.#addresses.size < COUNTED) this.#addresses.set(match.ip, before + 1)
    return this.#lines
  }

  /** The report for a person. */
  text(): string {
    const { name, failregex, ignoreregex } = this.#filter
    const rows = failregex.map((expression, i) => [`  ${i}`, String(this.#rules[i] ?? 0), expression])
    const other = this.#otherRule > 0 ? [['  -', String(this.#otherRule), 'several lines together']] : []
    const missed = this.#lines - this.#matched - this.#ignored
    return [
      `Filter  ${printable(name)}: ${count(failregex.length, 'expression')}, ${ignoreregex.length} that ignore\n`,
      `Log     ${printable(this.#log)}\n\n`,
      table([['RULE', 'LINES', 'EXPRESSION'], ...rows, ...other]),
      this.#found(),
      `\n${count(this.#lines, 'line')}: ${this.#matched} matched, ${this.#ignored} ignored, ${missed} missed\n`,
    ].join('')
  }

  #found(): string {
    if (this.#matched === 0) return '\nNothing was found.\n'
    const all = [...this.#addresses].toSorted(([, one], [, other]) => other - one)
    const rest = all.length > SHOWN ? `and ${all.length - SHOWN} more addresses\n` : ''
    const span = [this.#first, this.#last].map((at) => new Date(at).toISOString())
    return `\n${table([['ADDRESS', 'FAILURES'], ...all.slice(0, SHOWN).map(([ip, times]) => [ip, String(times)])])}${rest}\nFrom ${span.join(' to ')}\n`
  }
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`

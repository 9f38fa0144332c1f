import { isWide } from '../regex/expression.ts'
import type { DateForms } from './pattern.ts'
import { Ranking } from './ranking.ts'
import type { DateForm } from './template.ts'

/** Counts which forms the dates of a log's lines have, for people who wonder whether their dates are understood. */
export class DateTally {
  readonly #ranking: Ranking
  readonly #hits = new Map<string, number>()

  constructor(forms: DateForms) {
    this.#ranking = new Ranking(forms)
  }

  /** Takes the next line. */
  take(line: string): void {
    const found = this.#ranking.find(line, isWide(line))
    if (found === null || found.start === found.end) return
    const name = nameOf(found.form)
    this.#hits.set(name, (this.#hits.get(name) ?? 0) + 1)
  }

  /** The forms that were there, in words, with the number of lines; the most frequent first. */
  hits(): readonly (readonly [form: string, lines: number])[] {
    return [...this.#hits].toSorted(([, one], [, other]) => other - one)
  }
}

const WORDS: Readonly<Record<string, string>> = {
  a: 'Weekday',
  A: 'Weekday',
  b: 'Mon',
  B: 'Month',
  d: 'Day',
  m: 'Month',
  Y: 'Year',
  y: 'Year2',
  H: 'Hour',
  k: 'Hour',
  I: 'Hour12',
  l: 'Hour12',
  M: 'Minute',
  S: 'Second',
  f: 'Fraction',
  p: 'AM/PM',
  z: 'Zone',
  Z: 'ZoneName',
  j: 'DayOfYear',
}

/** `(?:%a )?%b %d %H:%M:%S` → `[Weekday ]Mon Day Hour:Minute:Second`, with a caret where it stands at the start. */
function nameOf({ name, anchored }: DateForm): string {
  const words = name
    .replace(/^(?:\{\^LN-BEG\})?\^?/, '')
    .replaceAll(/%(?:Ex)?([a-zA-Z])/g, (whole, letter: string) => WORDS[letter] ?? whole)
    .replaceAll(/\(\?:((?:[^()]|\[[^\]]*\])*)\)\?/g, '[$1]')
  return anchored ? `^ ${words}` : words
}

import type { DateForms } from './pattern.ts'
import type { DateForm } from './template.ts'

/** Counts which forms the dates of a log's lines have, for people who wonder whether their dates are understood. */
export class DateTally {
  readonly #forms: DateForms
  readonly #hits = new Map<string, number>()
  #last: DateForm | null = null

  constructor(forms: DateForms) {
    this.#forms = forms
  }

  /** Takes the next line. */
  take(line: string): void {
    const form = this.#last?.anchored === true && this.#last.regex.test(line) ? this.#last : this.#best(line)
    if (form === null) return
    this.#last = form
    const name = nameOf(form)
    this.#hits.set(name, (this.#hits.get(name) ?? 0) + 1)
  }

  /** The forms that were there, in words, with the number of lines; the most frequent first. */
  hits(): readonly (readonly [form: string, lines: number])[] {
    return [...this.#hits].toSorted(([, one], [, other]) => other - one)
  }

  /** The first form that finds a date at the start of the line, else the one whose date comes first. */
  #best(line: string): DateForm | null {
    let best: { readonly form: DateForm; readonly at: number } | null = null
    for (const form of this.#forms) {
      const found = form.regex.exec(line)
      if (found === null) continue
      if (form.anchored) return form
      if (best === null || found.index < best.at) best = { form, at: found.index }
    }
    return best?.form ?? null
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
function nameOf({ pattern, anchored }: DateForm): string {
  const words = pattern
    .replace(/^\^/, '')
    .replaceAll(/%(?:Ex)?([a-zA-Z])/g, (whole, letter: string) => WORDS[letter] ?? whole)
    .replaceAll(/\(\?:((?:[^()]|\[[^\]]*\])*)\)\?/g, '[$1]')
  return anchored ? `^ ${words}` : words
}

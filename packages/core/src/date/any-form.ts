import type { DateForm } from './template.ts'

/** For places further inside the forms are asked one by one. */
const FARTHEST = 64
/** Places are rounded up to a multiple of this, so that there are few expressions to compile. */
const STEP = 16

/** All forms of a list at once, to know quickly that none of them is there. */
export class AnyForm {
  readonly #forms: readonly DateForm[]
  readonly #made: (RegExp | null)[] = [null, null]
  /** For each place up to which dates were looked for. */
  readonly #upTo = new Map<number, RegExp>()

  constructor(forms: readonly DateForm[]) {
    this.#forms = forms
  }

  /** Where the first date of any of the forms begins, the white space before it included; Infinity: there is none. */
  firstIn(line: string, wide: boolean): number {
    if (this.#forms.length === 0) return Infinity
    return this.#regex(wide).exec(line)?.index ?? Infinity
  }

  /** False: no date of any of the forms begins at a place or in front of it. True: one may do so, or does shortly behind. */
  mayBeginBy(line: string, wide: boolean, last: number): boolean {
    if (this.#forms.length === 0) return false
    return last > FARTHEST || this.#regexUpTo(wide, Math.ceil(last / STEP) * STEP).test(line)
  }

  #regex(wide: boolean): RegExp {
    const at = wide ? 1 : 0
    const made = this.#made[at] ?? new RegExp(this.#source(wide))
    this.#made[at] = made
    return made
  }

  #regexUpTo(wide: boolean, last: number): RegExp {
    const key = last * 2 + (wide ? 1 : 0)
    const made = this.#upTo.get(key) ?? new RegExp(`^[^]{0,${last}}?(?:${this.#source(wide)})`)
    this.#upTo.set(key, made)
    return made
  }

  #source(wide: boolean): string {
    return this.#forms.map((form) => `(?:${withoutGroups(form.regex(wide))})`).join('|')
  }
}

/** Nobody asks what was captured. A date refers to none of its groups, so they are not needed. */
const withoutGroups = ({ source }: RegExp): string =>
  source.replaceAll(
    /(\\[^]|\[(?:\\[^]|[^\]\\])*\])|\((?!\?)/g,
    (_, kept: string | undefined) => kept ?? '(?:',
  )

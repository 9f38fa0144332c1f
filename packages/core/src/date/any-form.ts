import type { DateForm } from './template.ts'

/** All forms of a list at once, to know quickly that none of them is there. */
export class AnyForm {
  readonly #forms: readonly DateForm[]
  readonly #made: (RegExp | null)[] = [null, null]

  constructor(forms: readonly DateForm[]) {
    this.#forms = forms
  }

  /** Where the first date of any of the forms begins, the white space before it included; Infinity: there is none. */
  firstIn(line: string, wide: boolean): number {
    if (this.#forms.length === 0) return Infinity
    return this.#regex(wide).exec(line)?.index ?? Infinity
  }

  #regex(wide: boolean): RegExp {
    const at = wide ? 1 : 0
    const made =
      this.#made[at] ??
      new RegExp(this.#forms.map((form) => `(?:${withoutGroups(form.regex(wide))})`).join('|'))
    this.#made[at] = made
    return made
  }
}

/** Nobody asks what was captured. A date refers to none of its groups, so they are not needed. */
const withoutGroups = ({ source }: RegExp): string =>
  source.replaceAll(
    /(\\[^]|\[(?:\\[^]|[^\]\\])*\])|\((?!\?)/g,
    (_, kept: string | undefined) => kept ?? '(?:',
  )

import type { FilterOption } from './filter-settings.ts'
import type { JailText } from './jail-text.ts'
import type { Problem } from './problem.ts'

/** The options of one jail, with everything that there is to say about how they are written. */
export class OptionReader {
  readonly problems: Problem[] = []
  readonly text: JailText
  /** Whether something is wrong that the jail cannot do without. */
  broken = false

  constructor(text: JailText) {
    this.text = text
  }

  /** The text of a filter's setting; empty where there is none or it cannot be put together. */
  setting(option: FilterOption): string {
    const found = this.text.setting(option)
    if (found?.ok === false) this.fail(option, `${option}: ${found.reason}`)
    return found?.ok ? found.text : ''
  }

  /** The text of an option that the jail cannot do without understanding. */
  hard(option: string): string | undefined {
    const found = this.text.get(option)
    if (found?.ok === false) this.fail(option, `${option}: ${found.reason}`)
    return found?.ok ? found.text : undefined
  }

  /** The text of an option that the jail can do without. */
  soft(option: string): string | undefined {
    const found = this.text.get(option)
    if (found?.ok === false) this.remark(option, `${option}: ${found.reason}`)
    return found?.ok ? found.text : undefined
  }

  fail(option: string, message: string): void {
    this.report('error', { ...this.text.placeOf(option), message })
  }

  remark(option: string, message: string): void {
    this.report('warning', { ...this.text.placeOf(option), message })
  }

  report(severity: Problem['severity'], problem: Omit<Problem, 'severity'>): void {
    if (severity === 'error') this.broken = true
    const said = { severity, ...problem, jail: this.text.name }
    const known = this.problems.findIndex(({ message }) => message === problem.message)
    if (known < 0) this.problems.push(said)
    else if (severity === 'error') this.problems[known] = said
  }
}

/** A value that SQL takes as a parameter. */
export type SqlValue = string | number | null

/** Conditions that all must hold, with their parameters kept apart from the text. */
export class Where {
  readonly #terms: string[] = []
  readonly params: SqlValue[] = []

  /** Adds a condition; its `?` stand for `params` in order. */
  and(term: string, ...params: readonly SqlValue[]): this {
    this.#terms.push(term)
    this.params.push(...params)
    return this
  }

  /** `WHERE …`, or nothing when there is no condition. */
  get sql(): string {
    return this.#terms.length === 0 ? '' : `WHERE ${this.#terms.join(' AND ')}`
  }
}

/** `?, ?, ?` for so many parameters. */
export const placeholders = (count: number): string => Array.from({ length: count }, () => '?').join(', ')

/** Text as a LIKE pattern that finds it anywhere; its own wildcards are taken literally (ESCAPE '\'). */
export const anywhere = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

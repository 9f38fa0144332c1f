/** The second factor of an account. */
export interface FactorRow {
  /** `none`: not asked for; `lost`: sealed with a key that is gone, so that no code can be checked. */
  readonly state: 'none' | 'on' | 'lost'
  readonly key: Buffer
  /** The last step whose code was used. */
  readonly lastStep: number | null
}

/** Second factors, their keys sealed, and the hashes of recovery codes. */
export interface FactorStore {
  of(operatorId: number): FactorRow
  /** The key that is to be confirmed by a code of it. */
  wanted(operatorId: number): Buffer | null
  want(operatorId: number, key: Buffer): void
  /** From now on it is asked for; the code of the step that confirmed it is used. */
  confirm(operatorId: number, step: number): void
  /** Uses the code of a step; false when it, or a later one, was used before. */
  use(operatorId: number, step: number): boolean
  remove(operatorId: number): void
  /** Puts new recovery codes (hashed) in the place of all earlier ones. */
  setCodes(operatorId: number, hashes: readonly string[]): void
  /** Uses a recovery code; false when there is none of that hash. */
  useCode(operatorId: number, hash: string): boolean
  codesLeft(operatorId: number): number
}

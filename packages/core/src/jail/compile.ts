import { compileGrowth, type Growth } from '../ban/growth.ts'
import { FormulaProblem } from '../ban/formula.ts'
import { compileFilter, type CompiledFilter, type FilterCompiled } from '../filter/compile.ts'
import { isJailName, type JailDefinition } from './definition.ts'

/** A jail that can run: its definition (with the effective settings) and what of it was compiled. */
export interface CompiledJail {
  readonly definition: JailDefinition
  readonly filter: CompiledFilter
  /** Null: bans do not grow. */
  readonly growth: Growth | null
  /** What finds logins that went well; null: nothing does. */
  readonly success: CompiledFilter | null
}

/** A compiled jail, or every reason why not. */
export type JailCompiled =
  | { readonly ok: true; readonly jail: CompiledJail }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Finds nothing: a jail that counts bans sees no lines. */
const NOTHING = '(?!)<ADDR>'

function filterOf({ filter, backend }: JailDefinition): FilterCompiled {
  const { name } = filter
  const blind = { name, failregex: [NOTHING], ignoreregex: [], maxlines: 1, journalmatch: [] }
  return compileFilter(backend === 'bans' ? blind : filter)
}

/** Nobody is kept from being banned by an expression for successes that cannot be used: then none are found. */
function successOf({ success }: JailDefinition): CompiledFilter | null {
  const compiled = success === undefined ? null : compileFilter(success.filter)
  return compiled?.ok === true ? compiled.filter : null
}

/** A jail's definition → one that can run, its settings as given. Never throws. */
export function compileJail(definition: JailDefinition): JailCompiled {
  if (!isJailName(definition.name)) {
    const rule = 'letters, digits, _ . - (at most 64, not beginning with . or -)'
    return {
      ok: false,
      problems: [`the name of a jail is made of ${rule}: "${definition.name.slice(0, 100)}"`],
    }
  }
  const compiled = filterOf(definition)
  if (!compiled.ok) return compiled
  try {
    const growth = definition.growth === undefined ? null : compileGrowth(definition.growth)
    return { ok: true, jail: { definition, filter: compiled.filter, growth, success: successOf(definition) } }
  } catch (error) {
    if (error instanceof FormulaProblem) return { ok: false, problems: [`bantime.formula: ${error.message}`] }
    throw error
  }
}

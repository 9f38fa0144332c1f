import type { CompiledFilter } from '../filter/compile.ts'
import type { JailDefinition } from './definition.ts'

/** A jail that can run: its definition (with the effective settings) and its compiled filter. */
export interface CompiledJail {
  readonly definition: JailDefinition
  readonly filter: CompiledFilter
}

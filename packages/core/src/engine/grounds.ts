import type { Jail } from '../jail/jail.ts'
import type { Surroundings } from '../jail/surroundings.ts'

/** What the engine decides on: who is banned, who never is, and the jails by name. */
export interface Grounds extends Surroundings {
  readonly jails: ReadonlyMap<string, Jail>
}

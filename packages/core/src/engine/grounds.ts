import type { Jail, Surroundings } from '../jail/jail.ts'

/** What the engine decides on: who is banned, who never is, and the jails by name. */
export interface Grounds extends Surroundings {
  readonly jails: ReadonlyMap<string, Jail>
}

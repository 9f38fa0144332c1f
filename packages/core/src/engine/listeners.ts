import type { Jail } from '../jail/jail.ts'
import type { SuccessLog } from '../jail/success-log.ts'
import { Successes } from '../jail/successes.ts'
import type { Plan } from './input.ts'

/** Who listens to a source. */
export interface Listeners {
  readonly jails: Jail[]
  readonly successes: Successes[]
}

/** Who listens to each source that a plan names. `successes`: where logins that went well are gathered. */
export function listenersOf(
  plan: Plan,
  jails: ReadonlyMap<string, Jail>,
  successes: SuccessLog,
): ReadonlyMap<string, Listeners> {
  const all = new Map<string, Listeners>()
  const at = (id: string): Listeners => {
    const known = all.get(id) ?? { jails: [], successes: [] }
    all.set(id, known)
    return known
  }
  for (const { jail, sources, successSources = sources } of plan.jails) {
    const listener = jails.get(jail.definition.name)
    if (listener === undefined) continue
    for (const id of new Set(sources)) at(id).jails.push(listener)
    if (jail.success === null) continue
    const found = new Successes(jail, jail.success, successes)
    for (const id of new Set(successSources)) at(id).successes.push(found)
  }
  return all
}

import { suspended, type Suspended } from '@warder/protocol'
import type { Facts } from './facts.ts'

/** Whether enforcing is suspended, and which wishes were dealt with: both hold over restarts. */
export interface Suspensions {
  current(): Suspended | null
  put(current: Suspended | null): void
  /** The wish of a source that was dealt with last. */
  handled(source: Suspended['source']): string | null
  note(source: Suspended['source'], id: string): void
}

export function suspensionsStore(facts: Facts): Suspensions {
  return {
    current() {
      const saved = facts.get('suspended')
      const checked = saved === null ? null : suspended.safeParse(JSON.parse(saved))
      return checked?.success ? checked.data : null
    },
    put: (current) => facts.set('suspended', current === null ? null : JSON.stringify(current)),
    handled: (source) => facts.get(`suspended.${source}`),
    note: (source, id) => facts.set(`suspended.${source}`, id),
  }
}

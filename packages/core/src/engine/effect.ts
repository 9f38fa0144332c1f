import type { Ban } from '../ban/ban.ts'
import type { NodeEvent } from './event.ts'

/** What the engine wants done. `then` is the event that is true once the firewall agreed. */
export type Effect =
  | { readonly kind: 'ban'; readonly ban: Ban; readonly then: NodeEvent }
  | { readonly kind: 'lift'; readonly jail: string; readonly ip: string; readonly then: NodeEvent }
  | { readonly kind: 'record'; readonly event: NodeEvent }

import type { Ban } from '../ban/ban.ts'
import type { Failure } from '../failure/failure.ts'
import type { NodeEvent } from './event.ts'
import type { Inquiry } from './inquiry.ts'

/** What the engine wants done. `then` is the event that is true once the firewall agreed. */
export type Effect =
  | { readonly kind: 'ban'; readonly ban: Ban; readonly then: NodeEvent }
  | { readonly kind: 'lift'; readonly jail: string; readonly ip: string; readonly then: NodeEvent }
  /** As `ban` and `lift`, for what deny lists name: not told one by one, and not remembered beside the lists. */
  | { readonly kind: 'enforce'; readonly ban: Ban }
  | { readonly kind: 'release'; readonly jail: string; readonly ip: string }
  | { readonly kind: 'record'; readonly event: NodeEvent }
  /** Only the world knows whether a failure counts, or against whom; it waits outside and comes back with a reply. */
  | { readonly kind: 'ask'; readonly inquiry: Inquiry; readonly failure: Failure }

/** A ban that is made, or lasts longer. */
export type BanEffect = Extract<Effect, { kind: 'ban' }>

/** The event that an effect leads to; null for an inquiry and for what deny lists name. */
export function eventOf(effect: Effect): NodeEvent | null {
  if (effect.kind === 'record') return effect.event
  return effect.kind === 'ban' || effect.kind === 'lift' ? effect.then : null
}

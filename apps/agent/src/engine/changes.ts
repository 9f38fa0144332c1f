import { eventOf, isSubnet, type Effect, type NodeEvent } from '@warder/core'
import type { FirewallChange } from '../firewall/firewall.ts'
import type { PendingEffect } from '../state/pending.ts'

/** Effects that the firewall carries out. */
export const actionsOf = (effects: readonly Effect[]): readonly PendingEffect[] =>
  effects.filter((effect) => effect.kind === 'ban' || effect.kind === 'lift')

/** What effects mean for the firewall, in order. */
export function changesOf(effects: readonly Effect[]): readonly FirewallChange[] {
  return effects.flatMap((effect): readonly FirewallChange[] => {
    if (effect.kind === 'ban')
      return [{ kind: 'add', jail: effect.ban.jail, ip: effect.ban.ip, until: effect.ban.until }]
    if (effect.kind === 'enforce')
      return [{ kind: 'add', jail: effect.ban.jail, ip: effect.ban.ip, until: effect.ban.until }]
    if (effect.kind === 'lift' || effect.kind === 'release')
      return [{ kind: 'remove', jail: effect.jail, ip: effect.ip }]
    // The kernel ends bans by itself, but a subnet that ends may uncover a smaller one inside.
    const event = eventOf(effect)
    return event?.kind === 'ban.expired' && isSubnet(event.ip)
      ? [{ kind: 'remove', jail: event.jail, ip: event.ip }]
      : []
  })
}

/** The events that are true now: an action's is when the firewall has agreed. */
export const eventsOf = (effects: readonly Effect[], agreed: boolean): readonly NodeEvent[] =>
  effects.flatMap((effect) => (effect.kind === 'record' || agreed ? (eventOf(effect) ?? []) : []))

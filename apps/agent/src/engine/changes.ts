import { eventOf, isSubnet, type Effect, type NodeEvent } from '@warder/core'
import type { FirewallChange } from '../firewall/firewall.ts'
import type { PendingEffect } from '../state/pending.ts'

// A burst comes as tens of thousands of effects, most of them failures, before anybody is banned: nothing is made for those.

/** Effects that the firewall carries out. */
export const actionsOf = (effects: readonly Effect[]): readonly PendingEffect[] =>
  effects.filter((effect) => effect.kind === 'ban' || effect.kind === 'lift')

/** What effects mean for the firewall, in order. */
export function changesOf(effects: readonly Effect[]): readonly FirewallChange[] {
  const changes: FirewallChange[] = []
  for (const effect of effects) {
    const change = changeOf(effect)
    if (change !== null) changes.push(change)
  }
  return changes
}

function changeOf(effect: Effect): FirewallChange | null {
  switch (effect.kind) {
    case 'ban':
    case 'enforce':
      return { kind: 'add', jail: effect.ban.jail, ip: effect.ban.ip, until: effect.ban.until }
    case 'lift':
    case 'release':
      return { kind: 'remove', jail: effect.jail, ip: effect.ip }
    case 'record': {
      // The kernel ends bans by itself, but a subnet that ends may uncover a smaller one inside.
      const { event } = effect
      const isUncovering = event.kind === 'ban.expired' && isSubnet(event.ip)
      return isUncovering ? { kind: 'remove', jail: event.jail, ip: event.ip } : null
    }
    case 'ask':
      return null
  }
}

/** The events that are true now: an action's is when the firewall has agreed. */
export function eventsOf(effects: readonly Effect[], agreed: boolean): readonly NodeEvent[] {
  const events: NodeEvent[] = []
  for (const effect of effects) {
    const event = effect.kind === 'record' || agreed ? eventOf(effect) : null
    if (event !== null) events.push(event)
  }
  return events
}

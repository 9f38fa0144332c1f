import { FOREVER, MANUAL_JAIL, SHARED_JAIL, type JailSettings } from '@warder/core'
import type { BanBody, BanView, JailView, SettingsBody } from '@warder/protocol/api'
import type { Place } from '../api/client.ts'

/** Shortest time that a ban can be given, in seconds. */
const SHORTEST = 1

/**
 * The orders that put lifted bans back for the time that they had left, one for each address, jail and end, with
 * the nodes together. Bans that would have ended meanwhile are left alone.
 */
export function rebanOrders(bans: readonly BanView[], now: number): readonly BanBody[] {
  const standing = bans.filter((ban) => ban.until === null || ban.until > now)
  const groups = Map.groupBy(standing, (ban) => `${ban.ip}\n${ban.jail}\n${leftOf(ban, now)}`)
  return Array.from(groups.values(), (group) => {
    const [first] = group
    if (first === undefined) return []
    const reason = reasonOf(first)
    const order: BanBody = {
      ip: first.ip,
      nodes: group.map((ban) => ban.node),
      bantime: leftOf(first, now),
      ...(reason === null ? {} : { reason }),
    }
    return [first.jail === MANUAL_JAIL || first.jail === SHARED_JAIL ? order : { ...order, jail: first.jail }]
  }).flat()
}

/** An operator's ban keeps its reason; one that was detected says what it was for, since its ticket is gone. */
function reasonOf(ban: BanView): string | null {
  if (ban.origin === 'operator') return ban.reason
  return `Unban taken back. Banned before: ${ban.why.replace(/, seen on [^,]+$/, '')}`.slice(0, 500)
}

function leftOf(ban: BanView, now: number): number {
  return ban.until === null ? FOREVER : Math.max(SHORTEST, Math.round((ban.until - now) / 1000))
}

type Setting = keyof JailSettings

/**
 * The change that takes a change of settings back: the value that this layer had before, or null where it had none.
 * `jails` are the views of that jail on all nodes, as they were before the change.
 */
export function settingsUndo(
  jails: readonly JailView[],
  place: Place,
  changed: readonly Setting[],
): SettingsBody {
  const body: { [K in Setting]?: JailSettings[K] | null } = {}
  if (place.kind === 'group') {
    for (const key of changed) Object.assign(body, { [key]: place.said[key] ?? null })
    return body
  }
  const remember = <K extends Setting>(key: K): void => {
    const layer = place.kind === 'fleet' ? 'fleet' : 'node'
    const holder = jails.find(
      (jail) => jail.layers[key] === layer && (place.kind === 'fleet' || jail.node === place.node),
    )
    body[key] = holder?.wanted[key] ?? null
  }
  for (const key of changed) remember(key)
  return body
}

import type { WantedSettings } from './down.ts'
import { FLEET_SETTINGS_SINCE, SHARING_SINCE } from './version.ts'

/** Settings as an agent of a version of the link understands them: older ones know neither sharing nor more than jails. */
export function settingsFor(version: number, { revision, jails, ...fleet }: WantedSettings): WantedSettings {
  return {
    revision,
    jails: version >= SHARING_SINCE ? jails : withoutPolicies(jails),
    ...(version >= FLEET_SETTINGS_SINCE ? fleet : {}),
  }
}

const withoutPolicies = (jails: WantedSettings['jails']): WantedSettings['jails'] =>
  Object.fromEntries(
    Object.entries(jails).map(([jail, { policy: _policy, ...rest }]) => [jail, rest] as const),
  )

import type { WantedSettings } from './down.ts'
import { SHARING_SINCE } from './version.ts'

/** Settings as an agent of a version of the link understands them: older ones know no sharing, which is the server's work. */
export function settingsFor(version: number, wanted: WantedSettings): WantedSettings {
  if (version >= SHARING_SINCE) return wanted
  const jails = Object.entries(wanted.jails).map(
    ([jail, { policy: _policy, ...rest }]) => [jail, rest] as const,
  )
  return { ...wanted, jails: Object.fromEntries(jails) }
}

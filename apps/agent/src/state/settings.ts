import { wantedSettings, type WantedSettings } from '@warder/protocol'
import type { Facts } from './facts.ts'

/** The last settings of the server that were applied: they hold over restarts and without the server. */
export interface SavedSettings {
  get(): WantedSettings
  put(settings: WantedSettings): void
}

const NONE: WantedSettings = { revision: 0, jails: {} }

export function settingsStore(facts: Facts): SavedSettings {
  return {
    get() {
      const saved = facts.get('settings')
      const checked = saved === null ? null : wantedSettings.safeParse(JSON.parse(saved))
      return checked?.success ? checked.data : NONE
    },
    put: (settings) => facts.set('settings', JSON.stringify(settings)),
  }
}

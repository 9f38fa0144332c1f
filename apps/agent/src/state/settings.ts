import { wantedSettings, type WantedSettings } from '@warder/protocol'
import * as z from 'zod/mini'
import type { Trial } from '../settings/trial.ts'
import type { Facts } from './facts.ts'

/** The last settings of the server that were applied: they hold over restarts and without the server. */
export interface SavedSettings {
  get(): WantedSettings
  put(settings: WantedSettings): void
  /** The trial that they are on; null: none. */
  trial(): Trial | null
  putTrial(trial: Trial | null): void
  /** Settings whose trial failed last: they are not tried again. */
  failed(): WantedSettings | null
  putFailed(settings: WantedSettings | null): void
}

const NONE: WantedSettings = { revision: 0, jails: {} }
const trialSchema = z.strictObject({ wanted: wantedSettings, previous: wantedSettings, until: z.int() })

export function settingsStore(facts: Facts): SavedSettings {
  const read = <T extends z.ZodMiniType>(name: string, schema: T): z.infer<T> | null => {
    const saved = facts.get(name)
    const checked = saved === null ? null : z.safeParse(schema, JSON.parse(saved))
    return checked?.success ? checked.data : null
  }
  const put = (name: string, value: object | null): void =>
    facts.set(name, value === null ? null : JSON.stringify(value))
  return {
    get: () => read('settings', wantedSettings) ?? NONE,
    put: (settings) => put('settings', settings),
    trial: () => read('settings-trial', trialSchema),
    putTrial: (trial) => put('settings-trial', trial),
    failed: () => read('settings-failed', wantedSettings),
    putFailed: (settings) => put('settings-failed', settings),
  }
}

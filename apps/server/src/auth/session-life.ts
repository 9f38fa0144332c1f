import type { EpochMs } from '@warder/core'
import type { Realm } from './store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A session ends when it was not used for so long ... */
export const IDLE_MS = 7 * DAY_MS
/** ... and in any case after so long. */
export const ABSOLUTE_MS = 30 * DAY_MS
/** Of who signs in by Proxmox: what they may do is asked there only when they sign in. */
export const PROXMOX_MS = 12 * HOUR_MS
/** How exact the moment of last use is; keeps reads from being writes. */
export const TOUCH_EVERY_MS = 60_000
/** A browser is known for so long after somebody signed in with it. */
export const DEVICE_MS = 90 * DAY_MS

/** How long a session may last (ms), by who says that it is them. */
export const lifeOf = (realm: Realm): number => (realm === 'proxmox' ? PROXMOX_MS : ABSOLUTE_MS)

interface Life {
  readonly usedAt: EpochMs
  readonly endsAt: EpochMs
}

/** Whether a session has not ended yet. */
export const isAlive = ({ usedAt, endsAt }: Life, now: EpochMs): boolean =>
  now < usedAt + IDLE_MS && now < endsAt

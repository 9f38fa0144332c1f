import type { EpochMs } from '@warder/core'

const DAY_MS = 86_400_000
/** A session ends when it was not used for so long ... */
export const IDLE_MS = 7 * DAY_MS
/** ... and in any case after so long. */
export const ABSOLUTE_MS = 30 * DAY_MS
/** How exact the moment of last use is; keeps reads from being writes. */
export const TOUCH_EVERY_MS = 60_000

interface Life {
  readonly createdAt: EpochMs
  readonly usedAt: EpochMs
}

/** Whether a session has not ended yet. */
export const isAlive = ({ createdAt, usedAt }: Life, now: EpochMs): boolean =>
  now < usedAt + IDLE_MS && now < createdAt + ABSOLUTE_MS

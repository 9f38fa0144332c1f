import { type EpochMs, type JailSettings } from '@warder/core'

/** Failures of an address that led to no ban so far, and how a jail judges them. */
export interface Judged {
  readonly failedAt: readonly EpochMs[]
  readonly before: JailSettings
  readonly after: JailSettings
}

const isReached = (failedAt: readonly EpochMs[], settings: JailSettings, now: EpochMs): boolean =>
  settings.enabled &&
  failedAt.filter((at) => at > now - settings.findtime * 1_000).length >= settings.maxretry

/** Whether a change of settings makes so many failures enough for a ban that were not before. */
export const wouldBan = ({ failedAt, before, after }: Judged, now: EpochMs): boolean =>
  isReached(failedAt, after, now) && !isReached(failedAt, before, now)

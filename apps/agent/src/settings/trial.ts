import type { EpochMs } from '@warder/core'
import type { WantedSettings } from '@warder/protocol'

/** Settings on trial: unless the server is reached in time, the node goes back to what it ran before. */
export interface Trial {
  readonly wanted: WantedSettings
  /** What was run before, and is known to leave the server within reach. */
  readonly previous: WantedSettings
  readonly until: EpochMs
}

/** What runs while other settings come. */
export interface Running {
  readonly wanted: WantedSettings
  readonly trial: Trial | null
}

/**
 * The trial that settings begin when they are applied now; null: they are kept in any case. Behind a trial that is not
 * over stands still what was run before that one.
 */
export function trialOf(wanted: WantedSettings, running: Running, now: EpochMs): Trial | null {
  const { confirmWithin } = wanted
  if (confirmWithin === undefined) return null
  return {
    wanted,
    previous: running.trial?.previous ?? running.wanted,
    until: now + confirmWithin * 1_000,
  }
}

/** Whether a trial has failed. */
export const hasFailed = (trial: Trial, now: EpochMs): boolean => now >= trial.until

/** What the server is told once it is reached again. */
export const failureOf = ({ wanted, previous }: Trial): string =>
  `the server could not be reached within ${wanted.confirmWithin ?? 0} s after applying them; the node went back to revision ${previous.revision} by itself`

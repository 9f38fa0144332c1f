import type { Match } from '../filter/match.ts'

/**
 * By the name of the jail: what jails found in a line before it is decided on. Only their expressions were at work for it, nothing
 * was counted, so it can be broken off at any moment.
 */
export type Look = ReadonlyMap<string, Match | null>

/** How a look is taken. */
export interface Looking {
  /** Jails that are left out: they find nothing. */
  readonly without: { has(jail: string): boolean }
  /** Asked before each jail: whether the rest is left for later. */
  readonly isOver: () => boolean
}

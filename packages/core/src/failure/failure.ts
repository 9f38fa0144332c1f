import type { EpochMs } from '../time/epoch.ts'

/** Who failed, when, and what tells so. */
export interface Failed {
  readonly ip: string
  readonly at: EpochMs
  readonly user?: string
  /** The log line, bounded. */
  readonly line: string
}

/** A match that counts against an address at a time. */
export interface Failure extends Failed {
  readonly jail: string
}

// Made at once with all they have: failures come in floods, and copies of objects cost more than all of the counting.

/** What failed, counted for a jail. */
export const toFailure = (jail: string, { ip, at, user, line }: Failed): Failure =>
  user === undefined ? { jail, ip, at, line } : { jail, ip, at, user, line }

/** The same, counted against another target: the prefix around its address. */
export function asCounted(failed: Failed, target: string): Failed {
  if (target === failed.ip) return failed
  const { at, user, line } = failed
  return user === undefined ? { ip: target, at, line } : { ip: target, at, user, line }
}

/** A moment in milliseconds since 1970-01-01 UTC. The core never reads a clock: moments are handed in. */
export type EpochMs = number

/** A length of time in whole seconds, the unit of fail2ban's findtime and bantime. */
export type Seconds = number

/** fail2ban's bantime for a ban without an end. */
export const FOREVER: Seconds = -1

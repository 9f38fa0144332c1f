/** How long a dashboard may take to say from where it resumes (ms). */
export const FIRST_LIMIT_MS = 10_000
/** Longest message of a dashboard, in bytes. */
export const UP_LIMIT_BYTES = 4_096
/** How much may wait to be sent to a dashboard, in bytes; a slower one is dropped. */
export const BACKLOG_LIMIT_BYTES = 8_388_608
/** Most events in one replayed message. */
export const LIVE_EVENTS_PER_MESSAGE = 200

import type { ZoneOffset } from '@warder/core'

/** The machine's local zone, for dates in logs that name none. */
export const localZone: ZoneOffset = (at) => -new Date(at).getTimezoneOffset()

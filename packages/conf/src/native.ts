import { parseReference } from './reference.ts'

/** What tells whether a jail is about bans. */
export interface Hints {
  readonly name: string
  readonly backend: string
  readonly filter: string
  readonly logpath: string
}

/** The filter that reads bans from a log of fail2ban, and what such a log is called. */
const RECIDIVE = 'recidive'
const BAN_LOG = /(?:^|\/)fail2ban\.log(?:\s|$)/m

/**
 * Whether a jail counts bans of other jails: it says so, or it was written to read them from fail2ban's own log, which
 * there is none of here. `taken over` in the second case.
 */
export function countsBans({ name, backend, filter, logpath }: Hints): 'as written' | 'taken over' | null {
  if (/^bans$/i.test(backend.trim())) return 'as written'
  const parsed = parseReference(filter)
  const isRecidive = parsed.ok && parsed.reference.name.trim() === RECIDIVE
  return isRecidive || (name === RECIDIVE && BAN_LOG.test(logpath)) ? 'taken over' : null
}

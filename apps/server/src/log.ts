import type { Logger } from '@warder/daemon'

/** Every logger of the server, by the part that writes to it. */
export interface Logs {
  readonly server: Logger
  readonly http: Logger
  readonly auth: Logger
  readonly link: Logger
  readonly ingest: Logger
  readonly live: Logger
  readonly retention: Logger
  readonly backup: Logger
  readonly sharing: Logger
  readonly notifications: Logger
}

/** The process's logger → one for each part. */
export const logsOf = (log: Logger): Logs => ({
  server: log,
  http: log.child({ part: 'http' }),
  auth: log.child({ part: 'auth' }),
  link: log.child({ part: 'link' }),
  ingest: log.child({ part: 'ingest' }),
  live: log.child({ part: 'live' }),
  retention: log.child({ part: 'retention' }),
  backup: log.child({ part: 'backup' }),
  sharing: log.child({ part: 'sharing' }),
  notifications: log.child({ part: 'notifications' }),
})

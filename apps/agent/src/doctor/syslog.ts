/** As logger calls them, by their numbers: nobody but the kernel has 0, and 12 to 15 have no name. */
const FACILITIES: ReadonlyMap<string, string> = new Map([
  ...'user mail daemon auth syslog lpr news uucp cron authpriv ftp'
    .split(' ')
    .map((name, index) => [String(index + 1), name] as const),
  ...Array.from({ length: 8 }, (_, index) => [String(16 + index), `local${index}`] as const),
])
const LEVELS: ReadonlyMap<string, string> = new Map(
  'emerg alert crit err warning notice info debug'.split(' ').map((name, index) => [String(index), name]),
)
const OWN = new Set(['SYSLOG_IDENTIFIER', 'SYSLOG_FACILITY', 'PRIORITY'])

/** Whether an entry by syslog can say all of this. */
export const isSyslog = (said: Readonly<Record<string, string>>): boolean =>
  Object.keys(said).every((name) => OWN.has(name)) && priorityOf(said) !== null

/** Facility and level as `logger --priority` takes them, of a failed login where they are not said; null: they have no names. */
export function priorityOf({
  SYSLOG_FACILITY = '4',
  PRIORITY = '6',
}: Readonly<Record<string, string>>): string | null {
  const [facility, level] = [FACILITIES.get(SYSLOG_FACILITY), LEVELS.get(PRIORITY)]
  return facility === undefined || level === undefined ? null : `${facility}.${level}`
}

/** A file of configuration with where it is. */
export interface ConfFile {
  readonly path: string
  readonly text: string
}

/** What holds for a key, and the file that says so; null: the default of systemd. */
export interface Effective {
  readonly value: string
  readonly path: string
}

/** Levels of syslog, the weightiest first. */
const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug']
const INFO = 6
/** systemd's own limit of messages in each interval. */
export const RATE = { interval: '30s', burst: 10_000 } as const

/** The file with all drop-ins → what holds for a key of [Journal]. Later files count more; an empty value means the default. */
export function effectiveOf(files: readonly ConfFile[], ...keys: readonly string[]): Effective | null {
  let found: Effective | null = null
  for (const { path, text } of files) {
    let isJournal = false
    for (const line of joined(text)) {
      const section = /^\[(.*)\]$/.exec(line)
      if (section) isJournal = section[1] === 'Journal'
      const [, key = '', value = ''] = /^([A-Za-z]+)\s*=\s*(.*)$/.exec(line) ?? []
      if (isJournal && keys.includes(key)) found = value === '' ? null : { value, path }
    }
  }
  return found
}

/** Lines without blanks around them and without remarks; a backslash at the end goes on in the next one. */
function joined(text: string): string[] {
  return text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith(';'))
}

/** A level by name or number → its number; null where it is none, which systemd ignores. */
export function levelOf(text: string): number | null {
  const number = /^[0-7]$/.test(text) ? Number(text) : LEVELS.indexOf(text)
  return number < 0 ? null : number
}

/** Whether lines of logins, which are of the level info, are dropped at this level. */
export function dropsLogins(found: Effective | null): boolean {
  const level = found === null ? null : levelOf(found.value)
  return level !== null && level < INFO
}

const UNITS: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  sec: 1,
  min: 60,
  m: 60,
  h: 3_600,
  d: 86_400,
}

/** A span of time as systemd writes it → seconds; null where it is none. */
export function secondsOf(text: string): number | null {
  if (!/^(?:\s*\d+(?:\.\d+)?\s*[a-z]*\s*)+$/.test(text)) return null
  let sum = 0
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)) {
    const factor = UNITS[unit === '' ? 's' : unit]
    if (factor === undefined) return null
    sum += Number(number) * factor
  }
  return sum
}

/** A burst as journald reads it, with suffixes as K and M; null where it is none. */
function countOf(text: string): number | null {
  const [, number, unit = ''] = /^(\d+)([KMG]?)$/.exec(text) ?? []
  if (number === undefined) return null
  return Number(number) * 1_024 ** ['', 'K', 'M', 'G'].indexOf(unit)
}

/** How many messages of a unit are kept in which time; null: all. */
export function rateOf(
  files: readonly ConfFile[],
): { readonly interval: number; readonly burst: number } | null {
  const intervalText = effectiveOf(files, 'RateLimitIntervalSec', 'RateLimitInterval')?.value
  const burstText = effectiveOf(files, 'RateLimitBurst')?.value
  const interval = (intervalText === undefined ? null : secondsOf(intervalText)) ?? 30
  const burst = (burstText === undefined ? null : countOf(burstText)) ?? RATE.burst
  return interval === 0 || burst === 0 ? null : { interval, burst }
}

/** Where journald keeps what it gets. */
export function storageOf(files: readonly ConfFile[]): string {
  const value = effectiveOf(files, 'Storage')?.value.toLowerCase() ?? 'auto'
  return ['auto', 'persistent', 'volatile', 'none'].includes(value) ? value : 'auto'
}

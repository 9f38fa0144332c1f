import { pino, type Logger } from 'pino'

export type { Logger }

/** Where a process writes its log: lines of JSON for the journal, or short text for a person at a terminal. */
export interface LoggerOptions {
  readonly name: string
  readonly level: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  readonly form: 'json' | 'text'
}

/** A process's root logger; subsystems take children of it. Secrets never reach it: fields of these names are cut. */
export function makeLogger({ name, level, form }: LoggerOptions): Logger {
  const options = {
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['password', 'secret', 'token', 'join', 'cookie', 'authorization'].flatMap((key) => [
      key,
      `*.${key}`,
    ]),
  }
  if (form === 'json') return pino(options, pino.destination({ fd: 2, sync: true }))
  return pino(options, { write: (line: string) => process.stderr.write(toText(line)) })
}

interface Entry {
  readonly time: string
  readonly level: number
  readonly name: string
  readonly part?: string
  readonly msg: string
}

const NAMES: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' }

function toText(line: string): string {
  const { time, level, name, part, msg, ...fields } = JSON.parse(line) as Entry
  const rest = Object.entries(fields)
    .map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('')
  return `${time.slice(11, 19)} ${(NAMES[level] ?? level).toString().padEnd(5)} ${part ? `${name}:${part}` : name}  ${msg}${rest}\n`
}

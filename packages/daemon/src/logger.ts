import { pino, type Logger } from 'pino'
import { fieldsInWords, type LogRing } from './log-ring.ts'

export type { Logger }

/** Where a process writes its log: lines of JSON for the journal, or short text for a person at a terminal. */
export interface LoggerOptions {
  readonly name: string
  readonly level: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  readonly form: 'json' | 'text'
  /** Where the last lines are kept in memory as well. */
  readonly kept?: LogRing
  /** From which level on lines are written out; absent: all of them. */
  readonly writtenFrom?: 'error'
}

/** A process's root logger; subsystems take children of it. Secrets never reach it: fields of these names are cut. */
export function makeLogger({ name, level, form, kept, writtenFrom }: LoggerOptions): Logger {
  const options = {
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['password', 'secret', 'token', 'join', 'cookie', 'authorization'].flatMap((key) => [
      key,
      `*.${key}`,
    ]),
  }
  const out = form === 'json' ? pino.destination({ fd: 2, sync: true }) : text
  if (kept === undefined) return pino(options, out)
  return pino(options, {
    write(line: string) {
      if (writtenFrom === undefined || isError(line)) out.write(line)
      kept.add(line)
    },
  })
}

const text = { write: (line: string) => process.stderr.write(toText(line)) }

/** The level comes first in a line. */
const isError = (line: string): boolean => /^\{"level":[5-9]\d/.test(line)

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
  return `${time.slice(11, 19)} ${(NAMES[level] ?? level).toString().padEnd(5)} ${part ? `${name}:${part}` : name}  ${msg}${fieldsInWords(fields)}\n`
}

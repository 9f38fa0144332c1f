import type { EpochMs } from '../time/epoch.ts'
import { JOURNAL, LINE_LIMIT, type JournalFields, type LogLine } from './line.ts'
import { decodeUtf8 } from './utf8.ts'

/** The fields of a journal entry that are always kept: the parts of the line, and what nearly every journalmatch asks for. */
const KEPT = [
  'SYSLOG_IDENTIFIER',
  '_UID',
  '_SYSTEMD_UNIT',
  '_COMM',
  '_TRANSPORT',
  'PRIORITY',
  '_PID',
  '_HOSTNAME',
] as const

/** How many other fields are kept: a journalmatch may name any, and the reader asks journalctl for those that one does. */
const OTHERS_LIMIT = 24

/** Longest value of a kept field, in UTF-16 units. */
const FIELD_LIMIT = 256

/**
 * An entry as `journalctl -o json` writes it, parsed → a line `HOST IDENT[PID]: MESSAGE` in which line feeds are
 * written as `\n` (of the kernel `HOST kernel: [SECONDS] MESSAGE`, as in files), or null when it is no entry or its message is
 * not there. `readAt` is when the entry was read; without it the moment of writing stands in.
 */
export function journalLine(entry: unknown, readAt?: EpochMs): LogLine | null {
  if (!isRecord(entry)) return null
  const message = decodeField(entry['MESSAGE'])
  if (message === null) return null
  const fields = keptFields(entry)
  const host = fields['_HOSTNAME']
  const name = (fields['SYSLOG_IDENTIFIER'] || fields['_COMM']) ?? 'unknown'
  const pid = pidIn(fields)
  const sender = pid === undefined ? `${name}: ` : `${name}[${pid}]: `
  const head = `${host === undefined ? '' : `${host} `}${sender}${sender === KERNEL ? sinceStart(entry) : ''}`
  const writtenAt = momentOf(entry['__REALTIME_TIMESTAMP'])
  return {
    source: JOURNAL,
    text: (head + inOneLine(message)).slice(0, LINE_LIMIT),
    readAt: readAt ?? writtenAt ?? 0,
    ...(writtenAt === null ? {} : { writtenAt }),
    fields,
  }
}

/**
 * The text of one field of an entry in JSON: a string, an array of bytes where it is not plain text, the first value
 * of a repeated field. Null: absent, or left out by journalctl for its length.
 */
export function decodeField(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return null
  if (value.every((byte) => Number.isInteger(byte))) return decodeUtf8(value.slice(0, LINE_LIMIT * 4))
  return decodeField(value[0])
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function keptFields(entry: Readonly<Record<string, unknown>>): JournalFields {
  const fields: Record<string, string> = {}
  for (const name of [...KEPT, ...otherFields(entry)]) {
    const value = decodeField(entry[name])
    // A sender chooses its identifier: what would break the line apart does not get into it.
    if (value !== null) fields[name] = value.slice(0, FIELD_LIMIT).replaceAll(/[\0-\x1f\x7f]/g, '_')
  }
  return fields
}

const otherFields = (entry: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(entry)
    .filter((name) => /^_?[A-Z][A-Z0-9_]*$/.test(name) && name !== 'MESSAGE')
    .slice(0, OTHERS_LIMIT)

/** Whom the sender says that it speaks for, as a daemon does that passes on what others logged; else the sender itself. */
function pidIn({ SYSLOG_PID: said = '', _PID: sender }: JournalFields): string | undefined {
  return /^\d{1,10}$/.test(said) ? said : sender
}

/** What the kernel's lines begin with behind the host. */
const KERNEL = 'kernel: '

/** Seconds from the start of the machine on, in brackets, as filters for the kernel's lines in files expect them. */
function sinceStart(entry: Readonly<Record<string, unknown>>): string {
  const at = entry['_SOURCE_MONOTONIC_TIMESTAMP'] ?? entry['__MONOTONIC_TIMESTAMP']
  if (typeof at !== 'string' || !/^\d{1,17}$/.test(at)) return ''
  return `[${(Number(at) / 1_000_000).toFixed(6).padStart(12)}] `
}

/** A line feed may come from a client: cut there, the line would end with text of the client's choice instead of the sender's. */
function inOneLine(message: string): string {
  const whole = message.length > LINE_LIMIT ? message.slice(0, LINE_LIMIT) : message.replace(/[\r\n]+$/, '')
  return whole.replaceAll('\n', '\\n')
}

/** Microseconds since 1970 as text → milliseconds. */
function momentOf(value: unknown): EpochMs | null {
  return typeof value === 'string' && /^\d{1,17}$/.test(value) ? Math.floor(Number(value) / 1000) : null
}

import {
  exampleLines,
  JOURNAL,
  journalLine,
  type EpochMs,
  type JailDefinition,
  type LogLine,
} from '@warder/core'
import type { Sample } from '@warder/filters'
import { PLAIN, type Author, type Writable } from './author.ts'

/** A line that may be written, and how it would be read. */
export type Candidate =
  | { readonly kind: 'file'; readonly text: string; readonly asRead: LogLine }
  | {
      readonly kind: 'journal'
      readonly fields: Readonly<Record<string, string>>
      readonly author: Author
      readonly text: string
      readonly asRead: LogLine
    }

interface Wanted {
  readonly definition: JailDefinition
  /** `journal` or the file's path. */
  readonly source: string
  readonly samples: readonly Sample[]
  readonly ip: string
  readonly now: EpochMs
  /** The alternative of the journalmatch that entries are for. */
  readonly as?: Writable
}

const MOST = 60
/** Tells whoever reads the journal that an entry is a test. */
const MARK = { WARDER_DOCTOR: '1' }
/** Level and facility of a failed login. */
const LOGIN = { PRIORITY: '6', SYSLOG_FACILITY: '4' }
const SYSLOG = /^(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\dT\S+) \S+ ([\w./-]+)(?:\[\d+\])?: (.*)$/
const DATES: readonly (readonly [RegExp, (at: Date) => string])[] = [
  [/^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?= )/, asSyslog],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)(?= )/, (at) => at.toISOString()],
]

/** Lines for a jail that speak of an address: samples of its filter first, then what its expressions themselves suggest. */
export function candidatesFor(wanted: Wanted): readonly Candidate[] {
  const { source, samples, ip, now, definition, as = PLAIN } = wanted
  const fitting = samples.filter(({ expect }) => expect !== null && /^[\d.]+$/.test(expect.ip))
  const written = fitting.map((sample) => ({
    ...sample,
    text: sample.text.replaceAll(sample.expect?.ip ?? ip, ip),
  }))
  const guessed = exampleLines(definition.filter, ip)
  if (source !== JOURNAL) {
    const texts = written.flatMap(({ from, text }) => (from === 'file' ? [redated(text, now)] : []))
    const dated = guessed.flatMap((text) => [`${new Date(now).toISOString()} ${text}`, text])
    return [...texts, ...dated].slice(0, MOST).map((text) => ({
      kind: 'file',
      text,
      asRead: { source, text, readAt: now, live: true },
    }))
  }
  const speakers = [...written.flatMap(speakerOf), ...guessed.map((message) => ({ ident: null, message }))]
  return speakers
    .map((speaker) => entryFor(speaker, as, now))
    .filter((entry) => entry !== null)
    .slice(0, MOST)
}

interface Speaker {
  readonly ident: string | null
  readonly message: string
}

/** A sample → who logged what. */
function speakerOf({ from, text }: Pick<Sample, 'from' | 'text'>): readonly Speaker[] {
  if (from === 'file') {
    const [, ident, message] = SYSLOG.exec(text) ?? []
    return ident === undefined || message === undefined ? [] : [{ ident, message }]
  }
  const entry: unknown = JSON.parse(text)
  if (typeof entry !== 'object' || entry === null) return []
  const value = (name: string): unknown => Reflect.get(entry, name)
  const [message, ident] = [value('MESSAGE'), value('SYSLOG_IDENTIFIER')]
  return typeof message === 'string' ? [{ ident: typeof ident === 'string' ? ident : null, message }] : []
}

function entryFor({ ident, message }: Speaker, { said, author }: Writable, now: EpochMs): Candidate | null {
  const named = said['SYSLOG_IDENTIFIER']
  if (named !== undefined && ident !== null && named !== ident) return null
  const own = { SYSLOG_IDENTIFIER: named ?? ident ?? author.comm ?? 'warder-doctor', MESSAGE: message }
  const fields = { ...LOGIN, ...said, ...own, ...(author.transport === 'journal' ? MARK : {}) }
  const asRead = journalLine(
    { ...fields, ...trusted(author), __REALTIME_TIMESTAMP: String(now * 1_000) },
    now,
  )
  // What is cut or changed on its way would not be known again.
  if (asRead === null || /[\0-\x08\x0a-\x1f\x7f]|^\s|\s$/.test(message)) return null
  return { kind: 'journal', fields, author, text: message, asRead: { ...asRead, live: true } }
}

/** What journald will find out about the writer. */
const trusted = ({ uid, unit, comm, transport }: Author): Readonly<Record<string, string>> => ({
  _UID: String(uid),
  _PID: '1',
  _HOSTNAME: 'node',
  _TRANSPORT: transport,
  ...(unit === null ? {} : { _SYSTEMD_UNIT: unit }),
  ...(comm === null ? {} : { _COMM: comm }),
})

/** A line with the moment in the place of its date, where that has one of the usual forms. */
function redated(text: string, now: EpochMs): string {
  for (const [form, write] of DATES) if (form.test(text)) return text.replace(form, write(new Date(now)))
  return text
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function asSyslog(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')
  return `${MONTHS[at.getMonth()]} ${String(at.getDate()).padStart(2)} ${time}`
}

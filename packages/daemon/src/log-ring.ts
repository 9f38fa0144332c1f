/** A line that a process logged. */
export interface LogEntry {
  /** When, ms since 1970. */
  readonly at: number
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** The part of the process; null: the process as a whole. */
  readonly part: string | null
  /** The message with its fields, at most 1,000 characters. */
  readonly text: string
}

const LONGEST_TEXT = 1_000
/** A longer line is read at once, so that what is kept has a bound; the others when somebody asks. */
const LONGEST_LINE = 4_096

/** The last lines that a process logged itself, in memory. */
export class LogRing {
  readonly #most: number
  readonly #kept: (string | LogEntry)[] = []
  #next = 0

  /** `most`: how many lines are kept. */
  constructor(most: number) {
    this.#most = most
  }

  /** Takes a line as the logger writes it: JSON. */
  add(line: string): void {
    this.#kept[this.#next] = line.length > LONGEST_LINE ? toEntry(line) : line
    this.#next = (this.#next + 1) % this.#most
  }

  /** The newest of them, oldest first. */
  newest(limit: number = this.#most): readonly LogEntry[] {
    const inOrder = [...this.#kept.slice(this.#next), ...this.#kept.slice(0, this.#next)]
    return inOrder.slice(-limit).map((kept) => (typeof kept === 'string' ? toEntry(kept) : kept))
  }
}

interface Written {
  readonly time: string
  readonly level: number
  readonly name: string
  readonly part?: string
  readonly msg?: string
}

/** A line of JSON → the entry. */
function toEntry(line: string): LogEntry {
  const { time, level, name: _, part, msg = '', ...fields } = JSON.parse(line) as Written
  return {
    at: Date.parse(time),
    level: level >= 50 ? 'error' : level >= 40 ? 'warn' : level >= 30 ? 'info' : 'debug',
    part: part ?? null,
    text: `${msg}${fieldsInWords(fields)}`.slice(0, LONGEST_TEXT),
  }
}

/** What a line says beside its message: ` node=pve1 tries=3`. */
export const fieldsInWords = (fields: object): string =>
  Object.entries(fields)
    .map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('')

import { JOURNAL, matchesJournal, type JournalMatch, type LogLine } from '@warder/core'
import type { Deliver, Source, SourceMaker, SourceReport } from '@warder/agent'
import type { NodeLog } from './node-log.ts'

const BATCH_LINES = 500

/** What a simulated machine has to read. */
export interface NodeLogs {
  /** Changes with every run of the demonstration: numbers of lines begin anew then. */
  readonly run: string
  readonly journal: NodeLog
  readonly files: ReadonlyMap<string, NodeLog>
  /** Files that cannot be read, each with the reason. */
  readonly lost: ReadonlyMap<string, string>
}

/** Sources of an agent on a simulated machine. */
export const simulatedSources = (logs: NodeLogs): SourceMaker => ({
  journalTrouble: async () => null,
  find: async (glob) => (/[*?[]/.test(glob) ? [] : [glob]),
  async last({ source, matches, limit }) {
    if (source === JOURNAL) return logs.journal.last(limit, fitsAny(matches))
    const log = logs.files.get(source)
    if (log) return log.last(limit, () => true)
    throw new Error(`${source}: ${logs.lost.get(source) ?? 'it does not exist'}`)
  },
  journal: (matches) => new LogSource('journal', logs, { log: logs.journal, fits: fitsAny(matches) }),
  file(path) {
    const log = logs.files.get(path)
    if (log) return new LogSource(path, logs, { log, fits: () => true })
    return new UnreadableSource(path, logs.lost.get(path))
  },
})

const fitsAny =
  (matches: readonly JournalMatch[]) =>
  (line: LogLine): boolean =>
    matches.some((match) => matchesJournal(match, line.fields ?? {}))

interface Reading {
  readonly log: NodeLog
  readonly fits: (line: LogLine) => boolean
}

/** Reads a simulated log with the promises of a real source: cursors, back-pressure, no loss and no doubling. */
class LogSource implements Source {
  readonly id: string
  readonly #run: string
  readonly #reading: Reading
  #report: SourceReport = { state: 'waiting', reason: 'not started' }
  #ended = false
  #wake = (): void => {}
  #watch: Disposable | null = null
  #task: Promise<void> = Promise.resolve()

  constructor(id: string, { run }: NodeLogs, reading: Reading) {
    this.id = id
    this.#run = run
    this.#reading = reading
  }

  async start(cursor: string | null, deliver: Deliver): Promise<void> {
    const [run, number] = cursor?.split(':') ?? []
    this.#report = { state: 'reading' }
    this.#watch = this.#reading.log.watch(() => this.#wake())
    this.#task = this.#read(run === this.#run ? Number(number) : 0, deliver)
  }

  status(): SourceReport {
    return this.#report
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true
    this.#watch?.[Symbol.dispose]()
    this.#wake()
    await this.#task
  }

  async #read(from: number, deliver: Deliver): Promise<void> {
    for (let at = from; !this.#ended;) {
      const { lines, last } = this.#reading.log.after(at, BATCH_LINES)
      if (last === at) {
        await new Promise<void>((resolve) => (this.#wake = resolve))
        continue
      }
      const fitting = lines.filter(this.#reading.fits)
      try {
        if (fitting.length > 0) await deliver({ lines: fitting, cursor: `${this.#run}:${last}` })
      } catch (err) {
        this.#report = { state: 'lost', reason: (err as Error).message }
        return
      }
      at = last
    }
  }
}

/** A file that is not there, or that cannot be read. */
class UnreadableSource implements Source {
  readonly id: string
  readonly #report: SourceReport

  constructor(path: string, reason: string | undefined) {
    this.id = path
    this.#report = reason
      ? { state: 'lost', reason }
      : { state: 'waiting', reason: 'the file does not exist yet' }
  }

  async start(): Promise<void> {}

  status(): SourceReport {
    return this.#report
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

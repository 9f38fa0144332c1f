import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { JOURNAL, journalLine, type JournalMatch, type LogLine } from '@warder/core'
import { fullJitter, type Clock } from '@warder/daemon'
import {
  DROPPED_MESSAGE_ID,
  ENTRY_LIMIT_BYTES,
  journalArguments,
  type JournalPlace,
} from './journal-arguments.ts'
import { formatJournalCursor, parseJournalCursor, type JournalCursor } from './journal-cursor.ts'
import type { Deliver, Source, SourceReport } from './source.ts'
import { LineSplitter } from './split.ts'

const BLIND_NOTICE_MS = 60_000
const FIRST_START_SINCE = '-10min'
const STEADY_MS = 60_000

interface Options {
  readonly matches: readonly JournalMatch[]
  readonly clock: Clock
  /** What to run, its own arguments before ours. */
  readonly command?: readonly [string, ...string[]]
}

type Follower = ChildProcessByStdio<null, Readable, Readable>

/** How a journalctl ended. */
interface Outcome {
  readonly reason: string
  readonly badCursor: boolean
}

/** Follows the systemd journal through one journalctl, which is started again whenever it ends. */
export class JournalSource implements Source {
  readonly id = JOURNAL
  readonly #matches: readonly JournalMatch[]
  readonly #clock: Clock
  readonly #command: readonly [string, ...string[]]
  readonly #backoff = fullJitter(500, 30_000)
  #report: SourceReport = { state: 'waiting', reason: 'not started yet' }
  #blind: { readonly reason: string; readonly until: number } | null = null
  #saved: JournalCursor | null = null
  /** After a cursor that journalctl did not understand: entries up to this moment were read before. */
  #readUpTo: bigint | null = null
  #follower: Follower | null = null
  #running: Promise<void> = Promise.resolve()
  readonly #end = Promise.withResolvers<void>()
  #ended = false

  constructor({ matches, clock, command = ['journalctl'] }: Options) {
    this.#matches = matches
    this.#clock = clock
    this.#command = command
  }

  async start(cursor: string | null, deliver: Deliver): Promise<void> {
    this.#saved = cursor === null ? null : parseJournalCursor(cursor)
    this.#running = this.#run(deliver)
  }

  status(): SourceReport {
    if (this.#blind && this.#blind.until <= this.#clock.now()) this.#blind = null
    if (this.#report.state === 'reading' && this.#blind)
      return { state: 'reading', reason: this.#blind.reason }
    return this.#report
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true
    this.#end.resolve()
    this.#follower?.kill()
    await this.#running
  }

  async #run(deliver: Deliver): Promise<void> {
    while (!this.#ended) {
      const begun = this.#clock.now()
      const { reason, badCursor } = await this.#follow(deliver)
      if (this.#ended) return
      this.#report = { state: 'lost', reason }
      if (this.#clock.now() - begun > STEADY_MS) this.#backoff.reset()
      if (badCursor && this.#saved) {
        this.#readUpTo = BigInt(this.#saved.realtime)
        this.#saved = null
        continue
      }
      await this.#pause(this.#backoff.next())
    }
  }

  #place(): JournalPlace {
    if (this.#saved) return { kind: 'cursor', cursor: this.#saved.cursor }
    const since = this.#readUpTo === null ? FIRST_START_SINCE : `@${this.#readUpTo / 1_000_000n}`
    return { kind: 'since', since }
  }

  /** One life of journalctl. */
  async #follow(deliver: Deliver): Promise<Outcome> {
    const [file, ...before] = this.#command
    const args = [...before, ...journalArguments(this.#matches, this.#place())]
    const follower = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#follower = follower
    const complaint = tailOf(follower.stderr)
    const ended = Promise.withResolvers<string>()
    follower.on('error', (err) => ended.resolve(`journalctl cannot be run: ${err.message}`))
    follower.on('close', (code, signal) => ended.resolve(`journalctl ended (${signal ?? `status ${code}`})`))
    follower.on('spawn', () => {
      this.#report = { state: 'reading' }
    })
    try {
      await this.#readEntries(follower.stdout, deliver)
    } catch (err) {
      return { reason: err instanceof Error ? err.message : String(err), badCursor: false }
    } finally {
      follower.kill()
      this.#follower = null
    }
    const reason = await ended.promise
    const last = complaint()
    return { reason: last ? `${reason}: ${last}` : reason, badCursor: /seek to cursor/.test(last) }
  }

  async #readEntries(stdout: Readable, deliver: Deliver): Promise<void> {
    const splitter = new LineSplitter(ENTRY_LIMIT_BYTES)
    for await (const chunk of stdout) {
      if (!Buffer.isBuffer(chunk)) continue
      const lines: LogLine[] = []
      const before = this.#saved
      for (const text of splitter.push(chunk)) {
        const line = this.#take(text)
        if (line) lines.push(line)
      }
      if (this.#ended) return
      if (this.#saved && this.#saved !== before) {
        try {
          await deliver({ lines, cursor: formatJournalCursor(this.#saved) })
          this.#readUpTo = null
        } catch (err) {
          // They will be read again from where the last delivery that was taken ended.
          this.#saved = before
          throw err
        }
      }
    }
  }

  /** One line of journalctl's output → a log line, or null where it is none or was read before. */
  #take(text: string): LogLine | null {
    const entry = parseEntry(text)
    if (!entry || entry.cursor === this.#saved?.cursor) return null
    const again = this.#saved === null && this.#readUpTo !== null && BigInt(entry.realtime) <= this.#readUpTo
    if (again) return null
    this.#saved = { cursor: entry.cursor, realtime: entry.realtime }
    if (entry.value['MESSAGE_ID'] === DROPPED_MESSAGE_ID) {
      const reason = `journald dropped messages: ${String(entry.value['MESSAGE']).slice(0, 300)}`
      this.#blind = { reason, until: this.#clock.now() + BLIND_NOTICE_MS }
      return null
    }
    const line = journalLine(entry.value)
    return line && { ...line, readAt: this.#clock.now() }
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    using _ = this.#clock.after(ms, resolve)
    await Promise.race([promise, this.#end.promise])
  }
}

interface Entry {
  readonly value: Readonly<Record<string, unknown>>
  readonly cursor: string
  readonly realtime: string
}

/** Journalctl's line → an entry with the two fields that every entry has; null when it is cut or not JSON. */
function parseEntry(text: string): Entry | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const fields = Object.fromEntries(Object.entries(value))
  const cursor: unknown = fields['__CURSOR']
  const realtime: unknown = fields['__REALTIME_TIMESTAMP']
  if (typeof cursor !== 'string' || typeof realtime !== 'string' || !/^\d{1,20}$/.test(realtime)) return null
  return { value: fields, cursor, realtime }
}

/** Keeps the end of what a stream says; the returned function gives its last line. */
function tailOf(stream: Readable): () => string {
  let tail = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    tail = (tail + text).slice(-500)
  })
  return () => tail.trim().split('\n').at(-1) ?? ''
}

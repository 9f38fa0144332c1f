import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Question, Reply } from './reader-process.ts'
import type { AskHistory, ReadName } from '../storage/reads.ts'

/** How long an answer may take, waiting included (ms). */
export const ANSWER_WITHIN_MS = 10_000
/** Questions that wait; more are turned away at once. */
export const MOST_WAITING = 64
/** Most answers that are looked for at the same time. */
const PROCESSES = 3
const PROCESS = fileURLToPath(new URL('./reader-process.ts', import.meta.url))
const FLAGS = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=192']

interface Asked {
  readonly question: Question
  readonly deadline: Disposable
  resolve(value: unknown): void
  reject(err: Error): void
}

interface Reading {
  readonly child: ChildProcess
  asked: Asked | null
}

/**
 * Reads history in processes of their own, each with a connection that cannot write, so that what takes long holds up neither
 * agents nor dashboards. One is started when it is needed, and killed when an answer takes too long: SQLite at work cannot be
 * interrupted in any other way, a thread would go on until it is done.
 */
export class Reader {
  readonly #file: string
  readonly #clock: Clock
  readonly #processes = new Set<Reading>()
  #waiting: Asked[] = []
  #lastId = 0
  #stopped = false

  constructor(file: string, clock: Clock) {
    this.#file = file
    this.#clock = clock
  }

  readonly ask: AskHistory = (name, ...args) => this.#ask(name, args) as Promise<never>

  /** Questions that wait or are being answered. */
  get pending(): number {
    return this.#waiting.length + [...this.#processes].filter(({ asked }) => asked !== null).length
  }

  /** The numbers of the processes that read. */
  get pids(): readonly number[] {
    return [...this.#processes].flatMap(({ child }) => child.pid ?? [])
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const asked of this.#waiting)
      this.#end(asked).reject(new AppError('query.busy', 'The server stops.'))
    this.#waiting = []
    await Promise.all(
      [...this.#processes].map((each) => this.#drop(each, new AppError('query.busy', 'The server stops.'))),
    )
  }

  #ask(name: ReadName, args: readonly unknown[]): Promise<unknown> {
    if (this.#stopped || this.#waiting.length >= MOST_WAITING)
      return Promise.reject(new AppError('query.busy'))
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const question = { id: ++this.#lastId, name, args }
    const deadline = this.#clock.after(ANSWER_WITHIN_MS, () => this.#giveUp(question.id))
    this.#waiting.push({ question, deadline, resolve, reject })
    this.#next()
    return promise
  }

  /** Gives the first that waits to a process that has nothing to do. */
  #next(): void {
    const asked = this.#waiting[0]
    if (asked === undefined) return
    const free = [...this.#processes].find(({ asked: busy }) => busy === null) ?? this.#start()
    if (free === null) return
    this.#waiting.shift()
    free.asked = asked
    // One that is gone says so itself: see `exit`.
    free.child.send(asked.question, () => {})
  }

  #start(): Reading | null {
    if (this.#processes.size >= PROCESSES) return null
    const child = fork(PROCESS, {
      serialization: 'advanced',
      execArgv: FLAGS,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const reading: Reading = { child, asked: null }
    this.#processes.add(reading)
    child.send(this.#file, () => {})
    child.on('message', (message) => {
      const reply = message as Reply
      const { asked } = reading
      if (asked === null || asked.question.id !== reply.id) return
      reading.asked = null
      if (reply.ok) this.#end(asked).resolve(reply.value)
      else this.#end(asked).reject(new Error(reply.problem))
      this.#next()
    })
    const gone = (): void => void this.#drop(reading, new Error('what read history ended before its answer'))
    child.on('error', gone)
    child.on('exit', gone)
    return reading
  }

  #giveUp(id: number): void {
    const waiting = this.#waiting.find(({ question }) => question.id === id)
    if (waiting !== undefined) {
      this.#waiting = this.#waiting.filter((asked) => asked !== waiting)
      return this.#end(waiting).reject(new AppError('query.busy'))
    }
    const reading = [...this.#processes].find(({ asked }) => asked?.question.id === id)
    if (reading !== undefined) void this.#drop(reading, new AppError('query.slow'))
  }

  /** Ends a process, whatever it does, and fails what it was asked. */
  async #drop(reading: Reading, err: Error): Promise<void> {
    if (!this.#processes.delete(reading)) return
    const { asked, child } = reading
    reading.asked = null
    if (asked !== null) this.#end(asked).reject(err)
    if (!this.#stopped) this.#next()
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  #end(asked: Asked): Asked {
    asked.deadline[Symbol.dispose]()
    return asked
  }
}

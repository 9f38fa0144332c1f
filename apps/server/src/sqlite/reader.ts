import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import { Worker } from 'node:worker_threads'
import type { Question, Reply } from './reader-thread.ts'
import type { AskHistory, ReadName } from '../storage/reads.ts'

/** How long an answer may take, waiting included (ms). */
export const ANSWER_WITHIN_MS = 10_000
/** Questions that wait; more are turned away at once. */
export const MOST_WAITING = 64
/** Most answers that are looked for at the same time. */
const THREADS = 3

interface Asked {
  readonly question: Question
  readonly deadline: Disposable
  resolve(value: unknown): void
  reject(err: Error): void
}

interface Thread {
  readonly worker: Worker
  asked: Asked | null
}

/**
 * Reads history in threads of their own, each with a connection that cannot write, so that what takes long holds up neither
 * agents nor dashboards. A thread is made when it is needed, and told to end when an answer takes too long.
 */
export class Reader {
  readonly #file: string
  readonly #clock: Clock
  readonly #threads = new Set<Thread>()
  /** Threads that were told to end and still work: SQLite hears of it when its step is done. */
  #ending = 0
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
    return this.#waiting.length + [...this.#threads].filter(({ asked }) => asked !== null).length
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const asked of this.#waiting)
      this.#end(asked).reject(new AppError('query.busy', 'The server stops.'))
    this.#waiting = []
    await Promise.all(
      [...this.#threads].map((thread) => this.#drop(thread, new AppError('query.busy', 'The server stops.'))),
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

  /** Gives the first that waits to a thread that has nothing to do. */
  #next(): void {
    const asked = this.#waiting[0]
    if (asked === undefined) return
    const free = [...this.#threads].find((thread) => thread.asked === null) ?? this.#start()
    if (free === null) return
    this.#waiting.shift()
    free.asked = asked
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    free.worker.postMessage(asked.question)
  }

  #start(): Thread | null {
    if (this.#threads.size + this.#ending >= THREADS) return null
    const worker = new Worker(new URL('./reader-thread.ts', import.meta.url), { workerData: this.#file })
    const thread: Thread = { worker, asked: null }
    this.#threads.add(thread)
    worker.on('message', (reply: Reply) => {
      const { asked } = thread
      if (asked === null || asked.question.id !== reply.id) return
      thread.asked = null
      if (reply.ok) this.#end(asked).resolve(reply.value)
      else this.#end(asked).reject(new Error(reply.problem))
      this.#next()
    })
    worker.on('error', (err) => void this.#drop(thread, err))
    return thread
  }

  #giveUp(id: number): void {
    const waiting = this.#waiting.find(({ question }) => question.id === id)
    if (waiting !== undefined) {
      this.#waiting = this.#waiting.filter((asked) => asked !== waiting)
      return this.#end(waiting).reject(new AppError('query.busy'))
    }
    const thread = [...this.#threads].find(({ asked }) => asked?.question.id === id)
    if (thread !== undefined) void this.#drop(thread, new AppError('query.slow'))
  }

  /** Ends a thread and fails what it was asked. */
  async #drop(thread: Thread, err: Error): Promise<void> {
    if (!this.#threads.delete(thread)) return
    if (thread.asked !== null) this.#end(thread.asked).reject(err)
    thread.asked = null
    this.#ending++
    await thread.worker.terminate()
    this.#ending--
    if (!this.#stopped) this.#next()
  }

  #end(asked: Asked): Asked {
    asked.deadline[Symbol.dispose]()
    return asked
  }
}

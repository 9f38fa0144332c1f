import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import { Worker } from 'node:worker_threads'
import type { Compared } from './compare.ts'
import type { Work } from './work.ts'

/** Longer no preview works. */
const LIMIT_MS = 60_000
/** So many may work or wait at the same time; more are turned away. */
const MOST = 4
const MEMORY_MB = 512

/** Works previews out in threads of their own, one after the other. */
export class PreviewRunner {
  readonly #clock: Clock
  #tail: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #running: Worker | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @throws AppError preview.busy */
  async run(work: Work): Promise<readonly Compared[]> {
    if (this.#waiting >= MOST) throw new AppError('preview.busy')
    this.#waiting++
    const result = this.#tail.then(() => this.#work(work))
    this.#tail = result.catch(() => {})
    try {
      return await result
    } finally {
      this.#waiting--
    }
  }

  /** Ends what works. */
  stop(): void {
    this.#waiting = Infinity
    void this.#running?.terminate()
  }

  async #work(work: Work): Promise<readonly Compared[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly Compared[]>()
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    })
    this.#running = worker
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the preview ended without a result')))
    try {
      using _ = this.#clock.after(LIMIT_MS, () => void worker.terminate())
      return await promise
    } finally {
      this.#running = null
      await worker.terminate()
    }
  }
}

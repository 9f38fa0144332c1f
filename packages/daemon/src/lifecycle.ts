/** Something that runs until it is disposed of. */
export interface Part {
  readonly name: string
  start(): Promise<void> | void
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts parts in order and stops them in reverse. When one does not start, those before it are stopped
 * and the error goes on. A part that does not stop within `limitMs` is left behind and named in `onSlow`.
 */
export class Lifecycle {
  readonly #parts: readonly Part[]
  readonly #running: Part[] = []

  constructor(parts: readonly Part[]) {
    this.#parts = parts
  }

  async start(): Promise<void> {
    for (const part of this.#parts) {
      try {
        await part.start()
        this.#running.push(part)
      } catch (err) {
        await this.stop(2_000, () => {})
        throw err
      }
    }
  }

  async stop(limitMs: number, onSlow: (name: string) => void): Promise<void> {
    for (let part = this.#running.pop(); part; part = this.#running.pop()) {
      const { promise: late, resolve } = Promise.withResolvers<'late'>()
      const timer = setTimeout(() => resolve('late'), limitMs)
      const outcome = await Promise.race([part[Symbol.asyncDispose](), late])
      clearTimeout(timer)
      if (outcome === 'late') onSlow(part.name)
    }
  }
}

/** Resolves with the name of the first signal that asks the process to end. Later ones are ignored: stopping is under way. */
export function endSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal))
  })
}

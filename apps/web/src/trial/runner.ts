import type { Highlight, OptionProblem } from '@warder/core'
import type { Step, Task } from './try.ts'

/** How long one line may take, in ms: far beyond what any sound expression needs. */
export const LINE_LIMIT_MS = 1_000
/** How long the thread may take to start and to compile, in ms. */
const START_LIMIT_MS = 10_000
/** How often what was found so far is told while a trial goes on, in ms. */
const TELL_EVERY_MS = 200

/** What was found in a line, and how long that took. */
export interface Tried {
  readonly highlight: Highlight
  readonly ms: number
}

/** How far a trial is. `stuck`: the line after the last one took too long; `lost`: the thread could not work at all. */
export interface Outcome {
  readonly kind: 'running' | 'done' | 'problems' | 'stuck' | 'lost'
  readonly tried: readonly Tried[]
  readonly problems: readonly OptionProblem[]
}

type Tell = (outcome: Outcome) => void

/** Runs trials in a thread, one at a time; a new one ends the one before. */
export class Runner implements Disposable {
  #worker: Worker | null = null
  /** Ends what runs, without a word to whoever waits for it. */
  #stop: (() => void) | null = null

  /** Begins a trial; `tell` hears of its progress, and last of its end. */
  run(task: Task, tell: Tell): void {
    this.#stop?.()
    const worker = (this.#worker ??= new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }))
    const tried: Tried[] = []
    let patience: ReturnType<typeof setTimeout>
    let toldAt = performance.now()
    const end = (kind: Outcome['kind'], problems: readonly OptionProblem[] = []): void => {
      clearTimeout(patience)
      this.#stop = null
      if (kind === 'stuck' || kind === 'lost') this.#drop()
      tell({ kind, tried, problems })
    }
    const wait = (ms: number, kind: 'stuck' | 'lost'): void => {
      clearTimeout(patience)
      patience = setTimeout(() => end(kind), ms)
    }
    const take = (step: Step): void => {
      if (step.kind === 'done') return end('done')
      if (step.kind === 'problems') return end('problems', step.problems)
      if (step.kind === 'line') tried.push(step)
      wait(LINE_LIMIT_MS, 'stuck')
      if (performance.now() - toldAt < TELL_EVERY_MS) return
      toldAt = performance.now()
      tell({ kind: 'running', tried: [...tried], problems: [] })
    }
    this.#stop = () => {
      clearTimeout(patience)
      this.#stop = null
      this.#drop()
    }
    worker.onmessage = ({ data }: MessageEvent<Step>) => take(data)
    worker.onerror = () => end('lost')
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
    worker.postMessage(task)
    wait(START_LIMIT_MS, 'lost')
  }

  /** Which expressions of a filter take too long on the first line of a task: their places. */
  async blame(task: Task): Promise<readonly number[]> {
    const guilty: number[] = []
    for (const [index, expression] of task.definition.failregex.entries()) {
      const definition = { ...task.definition, failregex: [expression], ignoreregex: [] }
      const { kind } = await this.#outcome({ ...task, definition, lines: task.lines.slice(0, 1) })
      if (kind === 'stuck') guilty.push(index)
    }
    return guilty
  }

  [Symbol.dispose](): void {
    this.#stop?.()
    this.#drop()
  }

  #outcome(task: Task): Promise<Outcome> {
    return new Promise((resolve) =>
      this.run(task, (outcome) => {
        if (outcome.kind !== 'running') resolve(outcome)
      }),
    )
  }

  #drop(): void {
    this.#worker?.terminate()
    this.#worker = null
  }
}

import { spawn, type ChildProcess } from 'node:child_process'
import { fullJitter, type Clock } from '@warder/daemon'
import { NewsReader } from './nft-news.ts'
import { TOOL_ENVIRONMENT, type Command } from './run-tool.ts'

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 300_000
/** It says nothing when it begins to listen; until then something may have been missed. */
const BEGINS_WITHIN_MS = 3_000

interface Parts {
  /** How nft is called. */
  readonly command: Command
  readonly clock: Clock
  /** Whether a process is one of ours: what it did is no news. */
  readonly isOwn: (process: number) => boolean
  /** Somebody else may have changed our tables. */
  readonly onNews: () => void
}

/** Keeps an `nft monitor` running and tells of what others do. Without it we only look less cleverly. */
export class NftMonitor implements Disposable {
  readonly #parts: Parts
  readonly #backoff = fullJitter(FIRST_RETRY_MS, LAST_RETRY_MS)
  #child: ChildProcess | null = null
  #again: Disposable | null = null
  #since = 0
  #ended = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#begin()
  }

  /** Since when nothing can have been missed; null: it does not run. */
  get listeningSince(): number | null {
    return this.#child === null ? null : this.#since + BEGINS_WITHIN_MS
  }

  [Symbol.dispose](): void {
    this.#ended = true
    this.#again?.[Symbol.dispose]()
    this.#child?.kill('SIGKILL')
  }

  #begin(): void {
    const { command, clock, isOwn, onNews } = this.#parts
    const [file, ...before] = command
    const reader = new NewsReader()
    const child = spawn(file, [...before, 'monitor'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: TOOL_ENVIRONMENT,
    })
    this.#child = child
    this.#since = clock.now()
    child.stdout.setEncoding('latin1')
    child.stdout.on('data', (text: string) => {
      this.#backoff.reset()
      const foreign = reader.read(text).filter(({ process }) => !isOwn(process))
      if (foreign.some(({ mayBeOurs }) => mayBeOurs)) onNews()
    })
    child.on('error', () => this.#end(child))
    child.on('close', () => this.#end(child))
    // It must not keep a process that is done from ending.
    child.unref()
  }

  #end(child: ChildProcess): void {
    if (this.#child !== child) return
    this.#child = null
    if (this.#ended) return
    this.#again = this.#parts.clock.after(this.#backoff.next(), () => this.#begin())
  }
}

import { spawn, type ChildProcess } from 'node:child_process'
import { fullJitter, type Clock } from '@warder/daemon'
import { LISTENER } from './netlink-listener.ts'
import { NewsReader, type News } from './nft-news.ts'
import { TOOL_ENVIRONMENT, type Command } from './run-tool.ts'

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 300_000

interface Parts {
  /** How nft is called: what listens is run in its place. */
  readonly command: Command
  readonly clock: Clock
  /** Whether a process is one of ours: what it did is no news. */
  readonly isOwn: (process: number) => boolean
  /** Somebody else may have changed our tables. */
  readonly onNews: () => void
}

/** Keeps listening to what others do to the kernel's ruleset. Without it we only look less cleverly. */
export class NftWatch implements Disposable {
  readonly #parts: Parts
  readonly #backoff = fullJitter(FIRST_RETRY_MS, LAST_RETRY_MS)
  #child: ChildProcess | null = null
  #again: Disposable | null = null
  #since: number | null = null
  #ended = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#begin()
  }

  /** Since when nothing can have been missed; null: nobody listens. */
  get listeningSince(): number | null {
    return this.#since
  }

  [Symbol.dispose](): void {
    this.#ended = true
    this.#again?.[Symbol.dispose]()
    this.#child?.kill('SIGKILL')
  }

  #begin(): void {
    const [file, ...args] = listenerIn(this.#parts.command)
    const reader = new NewsReader()
    // It ends with its standard input, so also when this process is killed.
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'], env: TOOL_ENVIRONMENT })
    this.#child = child
    child.stdin.on('error', () => {})
    child.stdout.setEncoding('latin1')
    child.stdout.on('data', (text: string) => {
      if (this.#child === child) for (const news of reader.read(text)) this.#hear(news)
    })
    child.on('error', () => this.#end(child))
    child.on('close', () => this.#end(child))
    // It must not keep a process that is done from ending.
    child.unref()
  }

  #hear(news: News): void {
    const { clock, isOwn, onNews } = this.#parts
    if (news.kind === 'listening') {
      this.#since = clock.now()
      this.#backoff.reset()
    } else if (news.kind === 'lost' || (news.isOurs && !isOwn(news.process))) onNews()
  }

  #end(child: ChildProcess): void {
    if (this.#child !== child) return
    this.#child = null
    this.#since = null
    if (this.#ended) return
    this.#again = this.#parts.clock.after(this.#backoff.next(), () => this.#begin())
  }
}

/** What listens, where nft would run: `ip netns exec NAME nft` → `ip netns exec NAME perl …`. */
function listenerIn(command: Command): Command {
  const [first, ...rest] = [...command.slice(0, -1), 'perl', '-e', LISTENER]
  return [first ?? 'perl', ...rest]
}

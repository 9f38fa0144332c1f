import { readFile } from 'node:fs/promises'
import type { Clock } from '@warder/daemon'

const LIMIT_MS = 3_000
const LONGEST = 262_144

/**
 * A small file of a file system that may hang, as pmxcfs does. It is waited for a short while; a read that hangs is not
 * begun a second time, since each would hold one of the few threads that all files share.
 */
export class SlowFile {
  readonly #path: string
  readonly #clock: Clock
  #reading: Promise<string | null> | null = null
  #last: string | null = null

  constructor(path: string, clock: Clock) {
    this.#path = path
    this.#clock = clock
  }

  /** The text as it is, or as it was last where it cannot be told in time; null: there is no such file. Never rejects. */
  async read(): Promise<string | null> {
    this.#reading ??= readFile(this.#path, 'utf8').then(
      (text) => text.slice(0, LONGEST),
      (err: unknown) => (isMissing(err) ? null : this.#last),
    )
    const reading = this.#reading
    const late = Promise.withResolvers<'late'>()
    using _ = this.#clock.after(LIMIT_MS, () => late.resolve('late'))
    const text = await Promise.race([reading, late.promise])
    if (text === 'late') return this.#last
    this.#reading = null
    this.#last = text
    return text
  }
}

const isMissing = (err: unknown): boolean =>
  err instanceof Error && 'code' in err && (err.code === 'ENOENT' || err.code === 'ENOTDIR')

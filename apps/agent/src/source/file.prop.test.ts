import { appendFile, copyFile, mkdtemp, readdir, rename, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@warder/daemon'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Taker } from './conformance.ts'
import { FileSource } from './file.ts'

/** What a service, logrotate and the agent do to a log, one after the other. */
type Deed =
  | { readonly kind: 'write'; readonly lines: number; readonly endless: boolean }
  | { readonly kind: 'rename'; readonly creates: boolean }
  | { readonly kind: 'copy' | 'read' | 'stop' | 'start' }

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('write' as const), lines: fc.nat(3), endless: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rename' as const), creates: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('copy', 'read', 'stop', 'start') }) },
)

/** A log with its rotated files, what was written to it, and an agent's source that reads it or does not. */
class Log implements AsyncDisposable {
  readonly #folder: string
  readonly #path: string
  readonly #taker = new Taker()
  readonly #written: string[] = []
  #source: FileSource | null = null
  /** A line that has no end yet. */
  #begun = ''
  #size = 0
  #exists = false
  #lines = 0

  private constructor(folder: string) {
    this.#folder = folder
    this.#path = join(folder, 'auth.log')
  }

  /** One whose first line was read. */
  static async begin(): Promise<Log> {
    const log = new Log(await mkdtemp(join(tmpdir(), 'warder-file-')))
    await log.#write(1, false)
    await log.#start()
    await log.#read()
    return log
  }

  do(each: Deed): Promise<void> {
    switch (each.kind) {
      case 'write':
        return this.#write(each.lines, each.endless)
      case 'rename':
        return this.#rename(each.creates)
      case 'copy':
        return this.#copy()
      case 'read':
        return this.#read()
      case 'stop':
        return this.#stop()
      case 'start':
        return this.#start()
    }
  }

  /** What was written, and what was read of it once all was. */
  async end(): Promise<{ readonly written: readonly string[]; readonly read: readonly string[] }> {
    await this.#write(1, false)
    await this.#start()
    await this.#read()
    await this.#stop()
    return { written: this.#written, read: this.#taker.lines.map(({ text }) => text) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #write(lines: number, endless: boolean): Promise<void> {
    let text = ''
    for (let count = 0; count < lines; count++) {
      const line = `line ${++this.#lines}`
      text += `${line}\n`
      this.#written.push(`${this.#begun}${line}`)
      this.#begun = ''
    }
    if (endless) text += `begun ${++this.#lines} `
    if (endless) this.#begun += `begun ${this.#lines} `
    await appendFile(this.#path, text)
    this.#exists = true
    this.#size += text.length
  }

  /** As logrotate does by default: the older ones first. */
  async #rename(creates: boolean): Promise<void> {
    if (!this.#exists) return
    await this.#makeRoom()
    await rename(this.#path, `${this.#path}.1`)
    if (this.#begun !== '') this.#written.push(this.#begun)
    this.#begun = ''
    this.#size = 0
    this.#exists = creates
    if (creates) await appendFile(this.#path, '')
  }

  /** As with copytruncate. It loses what is written in between, and where the file grows at once beyond the old place nobody can tell. */
  async #copy(): Promise<void> {
    if (this.#size === 0 || this.#begun !== '' || this.#source !== null) return
    await this.#makeRoom()
    await copyFile(this.#path, `${this.#path}.1`)
    await truncate(this.#path, 0)
    this.#size = 0
  }

  async #makeRoom(): Promise<void> {
    const { length } = (await readdir(this.#folder)).filter((name) => name !== 'auth.log')
    for (let number = length; number > 0; number--)
      await rename(`${this.#path}.${number}`, `${this.#path}.${number + 1}`)
  }

  async #start(): Promise<void> {
    if (this.#source !== null) return
    this.#source = new FileSource({ path: this.#path, clock: systemClock, first: 'beginning' })
    await this.#source.start(this.#taker.cursor, this.#taker.deliver)
  }

  /** As long as the log is empty or gone its writer has the rotated one still: its last line may go on. */
  async #read(): Promise<void> {
    if (this.#source !== null && this.#size > 0)
      await this.#taker.until(() => this.#taker.lines.length >= this.#written.length)
  }

  async #stop(): Promise<void> {
    await this.#source?.[Symbol.asyncDispose]()
    this.#source = null
  }
}

it('every line is read once and in order, however a log is rotated while it is read and while it is not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 25 }), async (deeds) => {
      await using log = await Log.begin()
      for (const each of deeds) await log.do(each)
      const { written, read } = await log.end()
      expect(read).toEqual(written)
    }),
    { numRuns: 150, timeout: 10_000 },
  )
})

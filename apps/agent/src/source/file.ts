import { watch } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, extname } from 'node:path'
import type { Clock } from '@warder/daemon'
import { formatFileCursor, HEAD_BYTES, headDigest, parseFileCursor, type FileCursor } from './file-cursor.ts'
import { findLog, findMoved, findNext, hasHead, type Found } from './rotation.ts'
import type { Deliver, Source, SourceReport } from './source.ts'
import { LineBlock } from './block.ts'
import { fileBatch } from './file-batch.ts'
import { LineCutter } from './cutter.ts'

const CHUNK_BYTES = 65_536
/** Where more is waiting, more is read at a time: each batch has a cost of its own. */
const BACKLOG_BYTES = 524_288
/** The watch on the folder wakes at once; this is for file systems that do not tell, and for what it misses. */
const POLL_MS = 1_000
/** So often a file is looked for that is renamed whenever it was found. */
const MOST_TRIES = 5
const NOT_A_FILE = 'is not a regular file'

interface Options {
  readonly path: string
  readonly clock: Clock
  /** Where the very first start begins. `end`: after the last whole line. */
  readonly first: 'beginning' | 'end'
}

/** The file that is open now, and how far it was read. */
interface Reading {
  readonly handle: FileHandle
  readonly inode: string
  /** Where the next read begins. */
  position: number
  head: { bytes: number; digest: string }
}

/**
 * Follows a log file through rotation by renaming and by truncation, also when it happened while nobody was
 * reading. A file that is not there yet is waited for and then read from its beginning.
 */
export class FileSource implements Source {
  readonly id: string
  readonly #path: string
  readonly #clock: Clock
  readonly #first: 'beginning' | 'end'
  readonly #cutter = new LineCutter()
  readonly #closing = new DisposableStack()
  #report: SourceReport = { state: 'waiting', reason: 'not started yet' }
  #deliver: Deliver | null = null
  /** Where to go on when nothing is open: the saved cursor. */
  #saved: FileCursor | null = null
  #reading: Reading | null = null
  #watching = false
  /** The log's own end was reached once, so what comes is written as we read. */
  #live = false
  #ended = false
  #woken = false
  #pass: Promise<void> | null = null

  constructor({ path, clock, first }: Options) {
    this.id = path
    this.#path = path
    this.#clock = clock
    this.#first = first
  }

  async start(cursor: string | null, deliver: Deliver): Promise<void> {
    this.#deliver = deliver
    this.#saved = cursor === null ? null : parseFileCursor(cursor)
    if (this.#saved === null && this.#first === 'end') await this.#beginAtEnd(deliver)
    // Opened before this resolves, so that a rotation right after is one that we see. What fails here is told by the pass.
    this.#reading = await this.#open().catch(() => null)
    this.#closing.use(this.#clock.every(POLL_MS, () => this.#wake()))
    this.#wake()
  }

  status(): SourceReport {
    return this.#report
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true
    this.#closing.dispose()
    await this.#pass
    await this.#close()
  }

  /** One pass at a time; being woken during one leads to another, so that no change is missed. */
  #wake(): void {
    this.#woken = true
    if (this.#ended || this.#pass) return
    this.#pass = this.#run().finally(() => {
      this.#pass = null
    })
  }

  async #run(): Promise<void> {
    while (this.#woken && !this.#ended) {
      this.#woken = false
      try {
        this.#watchFolder()
        this.#report = await this.#follow()
      } catch (err) {
        await this.#close()
        this.#report = { state: 'lost', reason: `${this.#path}: ${toReason(err)}` }
      }
    }
  }

  #watchFolder(): void {
    if (this.#watching) return
    const name = basename(this.#path)
    const stem = name.slice(0, name.length - extname(name).length)
    try {
      const watcher = watch(dirname(this.#path), (_, changed) => {
        if (changed === null || changed.startsWith(stem)) this.#wake()
      })
      watcher.on('error', () => {
        watcher.close()
        this.#watching = false
      })
      this.#closing.defer(() => watcher.close())
      this.#watching = true
    } catch {
      // The folder is not there, or there are no watches left: the poll goes on alone and tries again.
      this.#watching = false
    }
  }

  /** Reads all there is, across rotations, until the log's own end. */
  async #follow(): Promise<SourceReport> {
    for (;;) {
      this.#reading ??= await this.#open()
      const reading = this.#reading
      if (!reading) return { state: 'waiting', reason: `${this.#path} does not exist yet` }
      if (await this.#wasWrittenAnew(reading)) {
        await this.#close()
        continue
      }
      await this.#readOn(reading)
      if (this.#ended) return this.#report
      const now = await stat(this.#path, { bigint: true }).catch(() => null)
      // As long as the new file is empty its writer still has the old one open.
      if (!now) return { state: 'waiting', reason: `${this.#path} was removed` }
      if (String(now.ino) === reading.inode || now.size === 0n) {
        this.#live = true
        return { state: 'reading' }
      }
      if (!now.isFile()) throw new Error(NOT_A_FILE)
      await this.#readOn(reading)
      if (!(await this.#goToNext(reading))) return { state: 'waiting', reason: `${this.#path} was removed` }
    }
  }

  /** Opens what the cursor points to, wherever it went, or else the log from its beginning. */
  async #open(): Promise<Reading | null> {
    const saved = this.#saved
    const moved = saved === null ? null : await this.#openFound(() => this.#findSaved(saved), saved.offset)
    const reading = moved ?? (await this.#openAt(this.#path, 0))
    if (reading !== null) this.#saved = toCursor(reading, 0)
    return reading
  }

  async #findSaved(saved: FileCursor): Promise<Found | null> {
    const log = await findLog(this.#path)
    const isSame = log !== null && log.inode === saved.inode && log.size >= saved.offset
    return isSame && (await hasHead(log.path, saved)) ? log : findMoved(this.#path, saved)
  }

  /** Opens what was found. Where it was renamed before it could be opened another file has its name: then it is looked for again. */
  async #openFound(find: () => Promise<Found | null>, position: number): Promise<Reading | null> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const found = await find()
      if (found === null) return null
      const reading = await this.#openAt(found.path, position)
      if (reading?.inode === found.inode) return reading
      await reading?.handle.close()
    }
    return null
  }

  async #openAt(path: string, position: number): Promise<Reading | null> {
    // Looking first: opening a pipe would wait for its writer.
    const facts = await stat(path).catch(ifMissing)
    if (!facts) return null
    if (!facts.isFile()) throw new Error(NOT_A_FILE)
    const handle = await open(path).catch(ifMissing)
    if (!handle) return null
    const { ino } = await handle.stat({ bigint: true })
    const reading: Reading = {
      handle,
      inode: String(ino),
      position,
      head: { bytes: 0, digest: headDigest(Buffer.alloc(0)) },
    }
    await growHead(reading, position)
    return reading
  }

  /** Whether the open file was truncated, or truncated and filled again beyond where we are. */
  async #wasWrittenAnew(reading: Reading): Promise<boolean> {
    const { size } = await reading.handle.stat()
    if (size === reading.position) return false
    if (
      size > reading.position &&
      (await digestOf(reading.handle, reading.head.bytes)) === reading.head.digest
    )
      return false
    const cursor = toCursor(reading, this.#cutter.pending)
    const moved = await findMoved(this.#path, cursor)
    // Its copy, where there is one, has what was not read yet; else begin anew.
    this.#saved = moved === null ? null : cursor
    return true
  }

  async #readOn(reading: Reading): Promise<void> {
    const { size } = await reading.handle.stat()
    if (size === reading.position) return
    const bytes = size - reading.position > CHUNK_BYTES ? BACKLOG_BYTES : CHUNK_BYTES
    let next = this.#begin(reading, bytes)
    try {
      while (!this.#ended) {
        const count = await next
        if (count === 0) break
        const lines = this.#cutter.take(count)
        reading.position += count
        const hasMore = reading.position < size
        // A read that falls short is at the end. What comes behind any other is read while its lines are dealt with.
        const isLast = count < bytes && !hasMore
        if (!isLast) next = this.#begin(reading, bytes)
        if (lines !== null) await this.#give(reading, lines, hasMore)
        if (isLast) break
      }
    } finally {
      await next.catch(() => null)
    }
    // A node may have hundreds of logs that hardly grow: memory only for those that are read right now.
    if (this.#cutter.pending === 0) this.#cutter.reset()
  }

  /** Begins a read. One that fails before anybody waits for it would end the process: it fails when it is waited for. */
  #begin(reading: Reading, bytes: number): Promise<number> {
    const count = this.#read(reading, bytes)
    count.catch(() => null)
    return count
  }

  async #read({ handle, position }: Reading, bytes: number): Promise<number> {
    const { bytesRead } = await handle.read(this.#cutter.room(bytes), 0, bytes, position)
    return bytesRead
  }

  async #give(reading: Reading, lines: Buffer, hasMore = false): Promise<void> {
    const done = reading.position - this.#cutter.pending
    await growHead(reading, done)
    const cursor = toCursor(reading, this.#cutter.pending)
    this.#report = { state: 'reading' }
    const origin = { source: this.id, readAt: this.#clock.now(), live: this.#live }
    const block = new LineBlock(lines, origin)
    await this.#deliver?.(fileBatch(block, { cursor, hasMore }, (at) => (this.#saved = at)))
    this.#saved = cursor
  }

  /** The rotated file ends here, newline or not. Returns false where the one behind it was renamed right now: it is looked for again. */
  async #goToNext(reading: Reading): Promise<boolean> {
    const next = await this.#openFound(() => findNext(this.#path, reading.inode), 0)
    if (next === null) return false
    await using unused = new AsyncDisposableStack()
    unused.use(next.handle)
    const last = this.#cutter.flush()
    if (last !== null) await this.#give(reading, last)
    await this.#close()
    unused.move()
    this.#saved = toCursor(next, 0)
    this.#reading = next
    return true
  }

  /** The first start ever: what was logged before is history. The place is saved at once, so that nothing later is. */
  async #beginAtEnd(deliver: Deliver): Promise<void> {
    // Looking first: opening a pipe would wait for its writer.
    const facts = await stat(this.#path).catch(() => null)
    const handle = facts?.isFile() ? await open(this.#path).catch(() => null) : null
    if (!handle) return
    try {
      const { size, ino } = await handle.stat({ bigint: true })
      const bytes = Buffer.alloc(Math.min(Number(size), CHUNK_BYTES))
      await handle.read(bytes, 0, bytes.length, Number(size) - bytes.length)
      const partial = bytes.length - 1 - bytes.lastIndexOf(0x0a)
      const whole = bytes.length === Number(size)
      const offset = Number(size) - (whole || partial < bytes.length ? partial : 0)
      const headBytes = Math.min(HEAD_BYTES, offset)
      const head = (await digestOf(handle, headBytes)) ?? ''
      this.#saved = { inode: String(ino), offset, headBytes, head }
    } finally {
      await handle.close()
    }
    await deliver({ lines: [], cursor: formatFileCursor(this.#saved) })
  }

  async #close(): Promise<void> {
    const reading = this.#reading
    this.#reading = null
    this.#cutter.reset()
    await reading?.handle.close()
  }
}

function toCursor(reading: Reading, pending: number): FileCursor {
  const { inode, position, head } = reading
  return { inode, offset: position - pending, headBytes: head.bytes, head: head.digest }
}

/** Lets the head cover more of the file, up to HEAD_BYTES, as more of it is done. */
async function growHead(reading: Reading, done: number): Promise<void> {
  const bytes = Math.min(HEAD_BYTES, done)
  if (bytes <= reading.head.bytes) return
  const digest = await digestOf(reading.handle, bytes)
  if (digest !== null) reading.head = { bytes, digest }
}

async function digestOf(handle: FileHandle, bytes: number): Promise<string | null> {
  const head = Buffer.alloc(bytes)
  const { bytesRead } = await handle.read(head, 0, bytes, 0)
  return bytesRead === bytes ? headDigest(head) : null
}

function ifMissing(err: unknown): null {
  if (err instanceof Error && 'code' in err && err.code === 'ENOENT') return null
  throw err
}

const toReason = (err: unknown): string => (err instanceof Error ? err.message : String(err)).slice(0, 500)

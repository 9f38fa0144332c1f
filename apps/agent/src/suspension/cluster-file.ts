import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '@warder/daemon'
import { suspensionWish, type SuspensionWish } from '@warder/protocol'
import type { Found } from './decide.ts'

const LIMIT_MS = 3_000
const FILE_LIMIT_BYTES = 4_096

/** Where a cluster keeps its wish, inside of the cluster file system. */
export const panicFile = (pveDir: string): string => join(pveDir, 'warder', 'panic.json')

/** A text of the file → the wish. What is not of that form is not obeyed. */
export function parseWish(text: string): Found {
  try {
    const checked = suspensionWish.safeParse(JSON.parse(text))
    if (checked.success) return { kind: 'wish', wish: checked.data }
  } catch {
    // Not JSON.
  }
  return { kind: 'unreadable', reason: 'it does not hold what warder panic writes' }
}

/**
 * Looks at the file now and then. pmxcfs is a FUSE file system that may hang: while one look waits no other begins, and
 * nobody waits for it longer than three seconds.
 */
export class ClusterFile {
  readonly #path: string
  readonly #clock: Clock
  #looking: Promise<Found> | null = null

  constructor(pveDir: string, clock: Clock) {
    this.#path = panicFile(pveDir)
    this.#clock = clock
  }

  /** Never rejects. */
  async look(): Promise<Found> {
    const isBusy = this.#looking !== null
    this.#looking ??= readNow(this.#path).finally(() => (this.#looking = null))
    if (isBusy) return { kind: 'unreadable', reason: 'the cluster file system does not answer' }
    return within(this.#clock, this.#looking, { kind: 'unreadable', reason: 'it took too long' })
  }
}

/** Writes the cluster's wish, whole or not at all. @throws when the cluster file system does not take it in time */
export async function writeWish(pveDir: string, wish: SuspensionWish, clock: Clock): Promise<void> {
  const path = panicFile(pveDir)
  const beside = `${path}.${process.pid}.tmp`
  const writing = (async () => {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(beside, `${JSON.stringify(wish)}\n`)
    await rename(beside, path)
    return 'written' as const
  })().catch(async (err: unknown) => {
    await rm(beside, { force: true }).catch(() => {})
    throw err
  })
  if ((await within<'written' | 'late'>(clock, writing, 'late')) === 'late')
    throw new Error(`${path} could not be written within ${LIMIT_MS / 1_000} s`)
}

async function readNow(path: string): Promise<Found> {
  try {
    await using file = await open(path, 'r')
    const { bytesRead, buffer } = await file.read(
      Buffer.alloc(FILE_LIMIT_BYTES + 1),
      0,
      FILE_LIMIT_BYTES + 1,
      0,
    )
    if (bytesRead > FILE_LIMIT_BYTES) return { kind: 'unreadable', reason: 'it is too long' }
    return parseWish(buffer.toString('utf8', 0, bytesRead))
  } catch (err) {
    if (err instanceof Error && 'code' in err && (err.code === 'ENOENT' || err.code === 'ENOTDIR'))
      return { kind: 'none' }
    return { kind: 'unreadable', reason: err instanceof Error ? err.message : String(err) }
  }
}

async function within<T>(clock: Clock, result: Promise<T>, late: T): Promise<T> {
  const waiting = Promise.withResolvers<T>()
  using _ = clock.after(LIMIT_MS, () => waiting.resolve(late))
  return await Promise.race([result, waiting.promise])
}

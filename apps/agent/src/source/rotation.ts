import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { headDigest, type FileCursor } from './file-cursor.ts'

/** A file that was found under a name, which another one may have by now. */
export interface Found {
  readonly path: string
  readonly inode: string
}

/** A file that may hold what the log's path held earlier. */
interface Candidate extends Found {
  readonly size: number
  readonly changedNs: bigint
}

/** What a log is called once it was rotated: numbered or dated, before or after its extension. Compressed ones are lost. */
export function isRotatedName(log: string, name: string): boolean {
  const turn = String.raw`[.-](?:\d[\dT_.:-]*|old)`
  const ext = extname(log)
  const stem = ext === '' ? log : log.slice(0, -ext.length)
  const forms = [`^${literal(log)}${turn}$`]
  if (ext !== '') forms.push(`^${literal(stem)}${turn}${literal(ext)}$`)
  return forms.some((form) => new RegExp(form).test(name))
}

const literal = (text: string): string => text.replace(/[^\w]/g, String.raw`\$&`)

/** So often a folder is looked at again that changes under our eyes. */
const MOST_LOOKS = 5

/** Rotated files of a log, oldest first. Files that are being renamed may be missed, or be seen twice: so it is looked until two looks agree. */
async function rotated(path: string): Promise<readonly Candidate[]> {
  let files = await rotatedNow(path)
  for (let looks = 1; looks < MOST_LOOKS; looks++) {
    const before = files
    files = await rotatedNow(path)
    if (inodesOf(files) === inodesOf(before)) break
  }
  return files.toSorted(byAge)
}

const inodesOf = (files: readonly Candidate[]): string =>
  files
    .map(({ path, inode }) => `${inode} ${path}`)
    .toSorted()
    .join('\n')

async function rotatedNow(path: string): Promise<readonly Candidate[]> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  const found: Candidate[] = []
  for (const name of names.filter((each) => isRotatedName(basename(path), each)).slice(0, 200)) {
    const at = join(folder, name)
    const facts = await stat(at, { bigint: true }).catch(() => null)
    if (!facts?.isFile()) continue
    found.push({ path: at, inode: String(facts.ino), size: Number(facts.size), changedNs: facts.mtimeNs })
  }
  return found
}

/** Oldest first. Of two last written in the same instant, the lower date is older, but the higher number. */
function byAge(a: Candidate, b: Candidate): number {
  if (a.changedNs !== b.changedNs) return a.changedNs < b.changedNs ? -1 : 1
  const byName = a.path.localeCompare(b.path, 'en', { numeric: true })
  return /\d{6}/.test(a.path.slice(-16)) ? byName : -byName
}

/** Whether the file still begins with what was read of it. */
export async function hasHead(path: string, cursor: FileCursor): Promise<boolean> {
  const file = await open(path).catch(() => null)
  if (!file) return false
  try {
    const bytes = Buffer.alloc(cursor.headBytes)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    return bytesRead === bytes.length && headDigest(bytes) === cursor.head
  } finally {
    await file.close()
  }
}

/** The file that the log's path leads to; null: there is none. */
export async function findLog(path: string): Promise<(Found & { readonly size: number }) | null> {
  const facts = await stat(path, { bigint: true }).catch(() => null)
  return facts?.isFile() === true ? { path, inode: String(facts.ino), size: Number(facts.size) } : null
}

/**
 * Where the unread rest of what the cursor points to went when the path holds something else by now: the file of
 * the same inode (renamed), or else one with the same beginning (copied, then truncated). Null: gone, or nothing was read.
 */
export async function findMoved(path: string, cursor: FileCursor): Promise<Found | null> {
  const candidates = (await rotated(path)).filter((file) => file.size >= cursor.offset).toReversed()
  const sameInode = candidates.filter((file) => file.inode === cursor.inode)
  const copies = cursor.offset === 0 ? [] : candidates
  for (const file of [...sameInode, ...copies]) if (await hasHead(file.path, cursor)) return file
  return null
}

/** The file to read after the one of this inode: the next younger rotated one, else the log itself; null: there is none yet. */
export async function findNext(path: string, inode: string): Promise<Found | null> {
  // Looked at first: where it is rotated meanwhile it is among the others, or has another inode when it is opened.
  const log = await findLog(path)
  const files = await rotated(path)
  const place = files.findIndex((file) => file.inode === inode)
  return (place < 0 ? undefined : files[place + 1]) ?? log
}

import { mkdir, open, readFile, rename, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file's bytes; null where there is none. */
export async function bytesAt(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (err) {
    if (isMissing(err)) return null
    throw err
  }
}

/** Makes the folders that a file needs → those that were missing, the deepest first. */
export async function makeFolders(path: string): Promise<string[]> {
  const made: string[] = []
  for (let folder = dirname(path); (await stat(folder).catch(() => null)) === null; folder = dirname(folder))
    made.push(folder)
  for (const folder of made.toReversed()) await mkdir(folder, { mode: 0o755 })
  return made
}

/** Removes folders that we made, unless something is in them by now. */
export async function removeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rmdir(folder).catch(() => {})
}

/** Writes a file whole or not at all; one that is there keeps its mode and owner. Null: it goes. */
export async function put(path: string, content: Buffer | null): Promise<void> {
  if (content === null) return unlink(path)
  const old = await stat(path).catch(() => null)
  const beside = `${path}.${process.pid}.new`
  try {
    const file = await open(beside, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.chmod(old === null ? 0o644 : old.mode & 0o7777)
      if (old !== null) await file.chown(old.uid, old.gid)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (err) {
    await unlink(beside).catch(() => {})
    throw err
  }
}

const isMissing = (err: unknown): boolean => err instanceof Error && 'code' in err && err.code === 'ENOENT'

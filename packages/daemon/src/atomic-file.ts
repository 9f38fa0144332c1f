import { open, rename, unlink } from 'node:fs/promises'

/** Writes a file so that a reader, or a power cut, sees the old or the new content whole: beside, sync, rename. */
export async function writeAtomically(path: string, content: string, mode = 0o600): Promise<void> {
  const beside = `${path}.${process.pid}.new`
  const file = await open(beside, 'w', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await rename(beside, path)
  } catch (err) {
    await unlink(beside).catch(() => {})
    throw err
  }
}

import { mkdir, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Keeps others from changing settings at the same time, in whatever process they are. */
export interface Lock extends AsyncDisposable {}

/** Takes the lock of a folder; null: somebody else has it. One of a process that died is taken over. */
export async function takeLock(folder: string): Promise<Lock | null> {
  const path = join(folder, 'lock')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (!(await made(path)) && ((await isHeld(path)) || !(await made(path)))) return null
  return { [Symbol.asyncDispose]: () => unlink(path).catch(() => {}) }
}

async function made(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(String(process.pid)).finally(() => file.close())
    return true
  } catch (err) {
    if (err instanceof Error && 'code' in err && err.code === 'EEXIST') return false
    throw err
  }
}

/** Whether its process lives; else it is removed. */
async function isHeld(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '')
  // One that says nothing yet is being made.
  if (!/^\d+$/.test(text)) return true
  try {
    process.kill(Number(text), 0)
    return true
  } catch (err) {
    if (!(err instanceof Error && 'code' in err && err.code === 'ESRCH')) return true
    await unlink(path).catch(() => {})
    return false
  }
}

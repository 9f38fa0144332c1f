import type { EpochMs } from '@warder/core'
import { writeAtomically } from '@warder/daemon'
import { copyFile, mkdir, readdir, rename, rm, stat, statfs, chmod, constants } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { backend } from '../backend.ts'
import { dataFiles } from '../config/paths.ts'
import { StartError } from '../start-error.ts'
import { StorageError } from '../storage/storage.ts'
import { VERSION } from '../version.ts'
import { besideHistory, entryOf } from './files.ts'
import { MANIFEST, nameOf, surplusOf, type Manifest } from './manifest.ts'

const UNFINISHED = '.unfinished-'

export interface BackupParts {
  readonly dataDir: string
  /** Where backups lie; each becomes a folder in it. */
  readonly folder: string
  /** How many stay; null: all. */
  readonly keep: number | null
  readonly madeAt: EpochMs
  /** How much of the history is copied, 0 to 1. */
  told(done: number): void
}

/** A backup that was made and read again. */
export interface MadeBackup {
  readonly folder: string
  readonly bytes: number
}

/**
 * Copies history and keys into a folder of its own, also while the server runs, and reads the copy through before it
 * counts. Then backups that are too many go.
 * @throws StartError when there is no room, or the copy is not whole
 */
export async function makeBackup({ dataDir, folder, keep, madeAt, told }: BackupParts): Promise<MadeBackup> {
  if (!backend.exists(dataDir))
    throw new StartError(`No server has worked on ${dataDir} yet: there is nothing to back up.`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await removeUnfinished(folder)
  await checkRoom(dataDir, folder)
  const unfinished = join(folder, `${UNFINISHED}${nameOf(madeAt)}`)
  await mkdir(unfinished, { mode: 0o700 })
  try {
    await copyHistory(dataDir, unfinished, told)
    await copyBeside(dataDir, unfinished)
    const names = await readdir(unfinished)
    const files = await Promise.all(names.map((name) => entryOf(join(unfinished, name))))
    const manifest: Manifest = { format: 1, warder: VERSION, madeAt, files }
    await writeAtomically(join(unfinished, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, 0o600)
    // The sums are of what was just read; what is left to know is whether it is a whole history.
    const problems = backend.problems(unfinished)
    if (problems.length > 0) throw damagedError(dataDir, problems.join('; '))
    const done = join(folder, nameOf(madeAt))
    await rename(unfinished, done)
    if (keep !== null) await prune(folder, keep)
    return { folder: done, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
  } catch (err) {
    await rm(unfinished, { recursive: true, force: true })
    throw err
  }
}

async function copyHistory(dataDir: string, to: string, told: BackupParts['told']): Promise<void> {
  try {
    await backend.copy(dataDir, to, told)
  } catch (err) {
    throw err instanceof StorageError && err.code === 'EDAMAGED' ? damagedError(dataDir, err.message) : err
  }
}

const damagedError = (dataDir: string, problem: string): StartError =>
  new StartError(
    `The backup is not whole, so it does not count (${problem}). The history itself may be damaged; look with: warder-server verify ${dataDir}`,
  )

async function copyBeside(dataDir: string, to: string): Promise<void> {
  for (const file of besideHistory(dataFiles(dataDir))) {
    const copy = join(to, basename(file))
    try {
      await copyFile(file, copy, constants.COPYFILE_EXCL)
      await chmod(copy, 0o600)
    } catch (err) {
      // There is no certificate of its own where Proxmox or the operator has one.
      if (!(err instanceof Error && 'code' in err && err.code === 'ENOENT')) throw err
    }
  }
}

async function checkRoom(dataDir: string, folder: string): Promise<void> {
  const [needed, { bavail, bsize }] = [backend.bytes(dataDir), await statfs(folder)]
  const free = bavail * bsize
  if (free < needed * 1.05)
    throw new StartError(
      `${folder} has ${megabytes(free)} MB left, and the backup needs ${megabytes(needed)} MB. Make room, or name another folder.`,
    )
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1_000_000)

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.startsWith(UNFINISHED)) await rm(join(folder, name), { recursive: true, force: true })
}

async function prune(folder: string, keep: number): Promise<void> {
  for (const name of surplusOf(await readdir(folder), keep))
    if ((await stat(join(folder, name))).isDirectory())
      await rm(join(folder, name), { recursive: true, force: true })
}

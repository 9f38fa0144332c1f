import type { EpochMs } from '@warder/core'
import { chmod, chown, copyFile, constants, mkdir, readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { backend } from '../backend.ts'
import { lockedError, StartError } from '../start-error.ts'
import { MANIFEST, nameOf, type Manifest } from './manifest.ts'
import { verifyBackup } from './verify.ts'

export interface RestoreParts {
  readonly dataDir: string
  /** Names the folder of what was there before. */
  readonly at: EpochMs
}

/** What was put back, and where lies what was there before; null: there was nothing. */
export interface Restored {
  readonly manifest: Manifest
  readonly before: string | null
}

/**
 * Puts a backup in place of what is in the data folder, which is moved aside and not removed. The backup stays as it is.
 * @throws StartError when a server runs, or the backup is not whole
 */
export async function restoreBackup({ dataDir, at }: RestoreParts, from: string): Promise<Restored> {
  const { manifest, problems } = await verifyBackup(from)
  if (manifest === null || problems.length > 0)
    throw new StartError(`Nothing was changed. The backup cannot be used: ${problems.join('; ')}.`)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  using lock = backend.lock(dataDir)
  if (lock === null) throw lockedError(dataDir)
  const before = await setAside(dataDir, at)
  const { uid, gid } = await stat(dataDir)
  for (const { name } of manifest.files) {
    const file = join(dataDir, name)
    await copyFile(join(from, name), file, constants.COPYFILE_EXCL)
    await chmod(file, 0o600)
    // Root restores for the user that the server runs as.
    if (process.getuid?.() === 0) await chown(file, uid, gid)
  }
  return { manifest, before }
}

/** Moves what a server has in its data folder into a folder beside; for a history that cannot be read any more. */
export async function beginEmpty({ dataDir, at }: RestoreParts): Promise<string | null> {
  using lock = backend.lock(dataDir)
  if (lock === null) throw lockedError(dataDir)
  return setAside(dataDir, at, backend.isFile)
}

/** Moves all that a restore would write, or what is asked for; answers where to. */
async function setAside(
  dataDir: string,
  at: EpochMs,
  wanted: (name: string) => boolean = isOurs,
): Promise<string | null> {
  const there = await readdir(dataDir)
  const names = there.filter(wanted)
  if (names.length === 0) return null
  // One of the same second stays as it is.
  const name = `before-${nameOf(at)}`
  const taken = there.filter((each) => each.startsWith(name)).length
  const aside = join(dataDir, taken === 0 ? name : `${name}-${taken + 1}`)
  await mkdir(aside, { mode: 0o700 })
  for (const each of names) await rename(join(dataDir, each), join(aside, each))
  return aside
}

const KEYS = new Set(['identity.pem', 'vault.key', 'certificate.pem', 'certificate.key', MANIFEST])
const isOurs = (name: string): boolean => KEYS.has(name) || backend.isFile(name)

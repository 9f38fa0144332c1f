import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { backend } from '../backend.ts'
import { entryOf } from './files.ts'
import { MANIFEST, readManifest, type Manifest } from './manifest.ts'

/** What a backup is, and what is wrong with it in words; no problem: it can be restored. */
export interface Verified {
  /** Null: the folder is no backup. */
  readonly manifest: Manifest | null
  readonly problems: readonly string[]
}

/** Compares every file of a backup with its manifest, and reads the history in it through and through. */
export async function verifyBackup(folder: string): Promise<Verified> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => null)
  const manifest = text === null ? null : readManifest(text)
  if (manifest === null)
    return { manifest, problems: [`${folder} is no backup: it has no ${MANIFEST} that can be read`] }
  const problems: string[] = []
  for (const file of manifest.files) {
    const found = await entryOf(join(folder, file.name)).catch(() => null)
    if (found === null) problems.push(`${file.name} is missing or cannot be read`)
    else if (found.sha256 !== file.sha256) problems.push(`${file.name} was changed since the backup was made`)
  }
  if (problems.length > 0) return { manifest, problems }
  return {
    manifest,
    problems: backend.exists(folder) ? backend.problems(folder) : ['there is no history in it'],
  }
}

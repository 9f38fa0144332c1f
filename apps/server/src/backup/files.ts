import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { DataFiles } from '../config/paths.ts'
import type { Manifest } from './manifest.ts'

/** The files beside the history that a server cannot do without; by the name that they have in a backup too. */
export const besideHistory = (files: DataFiles): readonly string[] => [
  files.identity,
  files.vaultKey,
  files.certificate,
  files.certificateKey,
]

/** A file → its entry in a manifest. */
export async function entryOf(file: string): Promise<Manifest['files'][number]> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return { name: basename(file), bytes: (await stat(file)).size, sha256: hash.digest('hex') }
}

import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Layer } from '@warder/conf'

const FILE_LIMIT_BYTES = 1_048_576
const FILES_LIMIT = 1_000
/** Where fail2ban's language has files: the folder itself and these in it. */
const FOLDERS = ['', 'jail.d', 'filter.d', 'action.d']

/** The operator's files, and what of them could not be read. */
export interface OperatorFiles {
  readonly layer: Layer
  readonly problems: readonly string[]
}

/** Reads the `.conf` and `.local` files of the configuration folder. A folder that is not there holds none. */
export async function readOperatorFiles(folder: string): Promise<OperatorFiles> {
  const files = new Map<string, string>()
  const problems: string[] = []
  for (const inside of FOLDERS) {
    for (const name of await listFiles(join(folder, inside), problems)) {
      const path = inside === '' ? name : `${inside}/${name}`
      if (files.size >= FILES_LIMIT) {
        problems.push(`error: ${folder}: has more than ${FILES_LIMIT} files; the rest is left out`)
        return { layer: { name: folder, files }, problems }
      }
      const text = await readOne(join(folder, path), problems)
      if (text !== null) files.set(path, text)
    }
  }
  return { layer: { name: folder, files }, problems }
}

/**
 * Reads an installation of fail2ban as a layer of its own. Its files count as they are; nothing is written there. A folder
 * that is not there is named.
 */
export async function readFail2ban(folder: string): Promise<OperatorFiles> {
  const { layer, problems } = await readOperatorFiles(folder)
  const nothing =
    layer.files.size === 0 && problems.length === 0
      ? [`error: ${folder}: holds no jail.conf and no jail.local, so nothing is taken over from fail2ban`]
      : []
  return { layer: { ...layer, isForeign: true }, problems: [...problems, ...nothing] }
}

async function listFiles(folder: string, problems: string[]): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder)
    return entries.filter((name) => /\.(conf|local)$/.test(name) && !name.startsWith('.')).toSorted()
  } catch (err) {
    if (!isMissing(err)) problems.push(`error: ${folder}: cannot be read: ${messageOf(err)}`)
    return []
  }
}

async function readOne(path: string, problems: string[]): Promise<string | null> {
  try {
    const facts = await stat(path)
    if (!facts.isFile()) return null
    if (facts.size > FILE_LIMIT_BYTES) {
      problems.push(`error: ${path}: is larger than ${FILE_LIMIT_BYTES} bytes and is left out`)
      return null
    }
    return await readFile(path, 'utf8')
  } catch (err) {
    problems.push(`error: ${path}: cannot be read: ${messageOf(err)}`)
    return null
  }
}

const isMissing = (err: unknown): boolean => err instanceof Error && 'code' in err && err.code === 'ENOENT'
const messageOf = (err: unknown): string => (err instanceof Error ? err.message : String(err))

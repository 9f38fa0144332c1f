import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Layer } from '@warder/conf'

const FILE_LIMIT_BYTES = 1_048_576
const FILES_LIMIT = 1_000
/** How deep files lie: `filter.d/sshd.d/mine.conf`. */
const DEEPEST = 2

/** The operator's files, and what of them could not be read. */
export interface OperatorFiles {
  readonly layer: Layer
  readonly problems: readonly string[]
}

/**
 * Reads the `.conf` and `.local` files of the configuration folder, and of the `.d` folders in it with all that is inside of
 * them. A folder that is not there holds none.
 */
export async function readOperatorFiles(folder: string): Promise<OperatorFiles> {
  const files = new Map<string, string>()
  const problems: string[] = []
  for (const path of await listFiles(folder, '', problems)) {
    if (files.size >= FILES_LIMIT) {
      problems.push(`error: ${folder}: has more than ${FILES_LIMIT} files; the rest is left out`)
      break
    }
    const text = await readOne(join(folder, path), problems)
    if (text !== null) files.set(path, text)
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

/** The paths of files below a folder, relative to the root; those of the folder itself come first. */
async function listFiles(root: string, inside: string, problems: string[]): Promise<readonly string[]> {
  const depth = inside === '' ? 0 : inside.split('/').length
  try {
    const entries = await readdir(join(root, inside), { withFileTypes: true })
    const visible = entries.filter(({ name }) => !name.startsWith('.'))
    const sorted = visible.toSorted((one, other) => (one.name < other.name ? -1 : 1))
    const isFolder = await Promise.all(sorted.map((entry) => leadsToFolder(join(root, inside), entry)))
    const pathOf = ({ name }: Dirent): string => (inside === '' ? name : `${inside}/${name}`)
    const files = sorted.filter((entry, i) => isFolder[i] !== true && /\.(?:conf|local)$/.test(entry.name))
    const folders = sorted.filter(
      ({ name }, i) => isFolder[i] === true && depth < DEEPEST && (depth > 0 || name.endsWith('.d')),
    )
    const below: string[] = []
    for (const each of folders) below.push(...(await listFiles(root, pathOf(each), problems)))
    return [...files.map(pathOf), ...below]
  } catch (err) {
    if (!isMissing(err)) problems.push(`error: ${join(root, inside)}: cannot be read: ${messageOf(err)}`)
    return []
  }
}

const leadsToFolder = async (folder: string, entry: Dirent): Promise<boolean> => {
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  const facts = await stat(join(folder, entry.name)).catch(() => null)
  return facts?.isDirectory() === true
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

import { isUtf8 } from 'node:buffer'
import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { absentIncludes, type Layer } from '@warder/conf'

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
 * them; besides, what these include of the folder, whatever it is called. A folder that is not there holds none.
 */
export async function readOperatorFiles(folder: string): Promise<OperatorFiles> {
  const reading = new FolderReading(folder)
  await reading.take(await listFiles(folder, '', reading.problems), false)
  // What is included may include more.
  for (let left = reading.included(); left.length > 0; left = reading.included())
    await reading.take(left, true)
  return { layer: reading.layer, problems: reading.problems }
}

/** What was read of a folder so far. */
class FolderReading {
  readonly problems: string[] = []
  readonly #folder: string
  readonly #files = new Map<string, string>()
  readonly #asked = new Set<string>()

  constructor(folder: string) {
    this.#folder = folder
  }

  get layer(): Layer {
    return { name: this.#folder, files: this.#files }
  }

  /** What the files include that nobody has asked for yet. Actions are not run, so what theirs include is never asked for. */
  included(): readonly string[] {
    const files = new Map([...this.#files].filter(([path]) => !path.startsWith('action.d/')))
    return absentIncludes({ name: this.#folder, files }).filter((path) => !this.#asked.has(path))
  }

  /** `mayBeAbsent`: many a file is included for who wants to write one. */
  async take(paths: readonly string[], mayBeAbsent: boolean): Promise<void> {
    for (const path of paths) this.#asked.add(path)
    for (const path of paths) {
      if (this.#files.size === FILES_LIMIT) {
        this.problems.push(`error: ${this.#folder}: has more than ${FILES_LIMIT} files; the rest is left out`)
        return
      }
      const text = await readOne(join(this.#folder, path), { mayBeAbsent, problems: this.problems })
      if (text !== null) this.#files.set(path, text)
    }
  }
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

async function readOne(
  path: string,
  { mayBeAbsent, problems }: { readonly mayBeAbsent: boolean; readonly problems: string[] },
): Promise<string | null> {
  try {
    const facts = await stat(path)
    if (!facts.isFile()) return null
    if (facts.size > FILE_LIMIT_BYTES) {
      problems.push(`error: ${path}: is larger than ${FILE_LIMIT_BYTES} bytes and is left out`)
      return null
    }
    const bytes = await readFile(path)
    if (!isUtf8(bytes))
      problems.push(
        `warning: ${path}: is not in UTF-8; what is not is lost, where fail2ban takes nothing of the file`,
      )
    return bytes.toString('utf8')
  } catch (err) {
    if (!mayBeAbsent || !isMissing(err)) problems.push(`error: ${path}: cannot be read: ${messageOf(err)}`)
    return null
  }
}

const isMissing = (err: unknown): boolean => err instanceof Error && 'code' in err && err.code === 'ENOENT'
const messageOf = (err: unknown): string => (err instanceof Error ? err.message : String(err))

import { mkdir, open, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { changeRecord, type ChangeRecord } from './record.ts'

/** What we changed on this node, a file for each. */
export class Records {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** All, the newest first. @throws when one cannot be read: then nobody knows what to put back */
  async all(): Promise<readonly ChangeRecord[]> {
    const names = await readdir(this.#folder).catch(ifMissing)
    const found = await Promise.all(
      names.filter((name) => name.endsWith('.json')).map((name) => this.#read(join(this.#folder, name))),
    )
    return found.toSorted((one, other) => other.at - one.at)
  }

  /** Writes one down, to stay. @throws when there is one for the same finding already */
  async add(record: ChangeRecord): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const file = await open(this.#path(record.id), 'wx', 0o600)
    try {
      await file.writeFile(JSON.stringify(record))
      await file.sync()
    } finally {
      await file.close()
    }
  }

  async forget(id: string): Promise<void> {
    await unlink(this.#path(id)).catch(ifMissing)
  }

  async #read(path: string): Promise<ChangeRecord> {
    try {
      return changeRecord.parse(JSON.parse(await readFile(path, 'utf8')))
    } catch (err) {
      throw new Error(`${path} is broken: it said what a file was like before we changed it`, { cause: err })
    }
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`)
  }
}

function ifMissing(err: unknown): string[] {
  if (err instanceof Error && 'code' in err && err.code === 'ENOENT') return []
  throw err
}

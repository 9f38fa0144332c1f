import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** The tree of a package while it is put together. Modes are what is written here, not what the machine's umask makes of it. */
export class Tree {
  readonly root: string

  constructor(root: string) {
    this.root = root
  }

  /** A file with this content. */
  write(path: string, content: string | Buffer, mode = 0o644): void {
    const place = join(this.root, path)
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, content)
    chmodSync(place, mode)
  }

  /** The same, as Debian wants its documentation. */
  zipped(path: string, content: string): void {
    this.write(`${path}.gz`, gzipSync(content, { level: 9 }))
  }

  /** A file or a folder with all in it, from elsewhere. */
  copy(from: string, path: string, mode?: number): void {
    const place = join(this.root, path)
    mkdirSync(dirname(place), { recursive: true })
    cpSync(from, place, { recursive: true })
    if (mode !== undefined) chmodSync(place, mode)
  }

  /** Paths of all files below a folder, in order. */
  files(below = ''): readonly string[] {
    return readdirSync(join(this.root, below), { withFileTypes: true })
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .flatMap((entry) => {
        const path = below === '' ? entry.name : `${below}/${entry.name}`
        return entry.isDirectory() ? this.files(path) : [path]
      })
  }

  /** What dpkg compares installed files with. */
  md5sums(): string {
    return this.files()
      .filter((path) => !path.startsWith('DEBIAN/') && !path.startsWith('etc/'))
      .map(
        (path) =>
          `${createHash('md5')
            .update(readFileSync(join(this.root, path)))
            .digest('hex')}  ${path}\n`,
      )
      .join('')
  }

  /** How much room all of it takes, in KiB as dpkg counts. */
  kib(): number {
    return this.files().reduce(
      (sum, path) => sum + Math.max(1, Math.ceil(lstatSync(join(this.root, path)).size / 1_024)),
      0,
    )
  }

  /** The same time and plain modes everywhere, so that the same sources make the same package. */
  settle(epoch: number, below = ''): void {
    const folder = join(this.root, below)
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(below, entry.name)
      if (entry.isDirectory()) this.settle(epoch, path)
      else {
        const place = join(this.root, path)
        chmodSync(place, (lstatSync(place).mode & 0o111) === 0 ? 0o644 : 0o755)
        lutimesSync(place, epoch, epoch)
      }
    }
    chmodSync(folder, 0o755)
    lutimesSync(folder, epoch, epoch)
  }
}

import { interpolate } from './interpolate.ts'
import { INCLUDES } from './merge.ts'
import { quote, type Problem } from './problem.ts'
import { DEFAULT, readIni, type IniFile } from './read.ts'

/** Configuration files by path relative to the layer's root (`jail.local`, `filter.d/sshd.conf`). */
export interface Layer {
  /** How the operator knows it, e.g. `/etc/warder`. */
  readonly name: string
  readonly files: ReadonlyMap<string, string>
  /**
   * The files of an installation of fail2ban, taken over as they are: its filters stand wholly in place of those of lower
   * layers, and so do the jails that it switches on or off. What it only mentions leaves the jails of lower layers alone.
   */
  readonly isForeign?: boolean
}

/** All layers with their parsed files. */
export class Tree {
  private readonly layers: readonly Layer[]
  private readonly parsed = new Map<string, IniFile | null>()
  private readonly sources = new Map<IniFile, number>()
  /** What was included and lies in no layer. */
  readonly absent = new Set<string>()

  constructor(layers: readonly Layer[]) {
    this.layers = layers
  }

  /** How the folder of the installation of fail2ban is called, where there is none the one it has by default. */
  get fail2banFolder(): string {
    return (
      this.layers.findLast(({ isForeign }) => isForeign === true)?.name.replace(/\/+$/, '') ?? '/etc/fail2ban'
    )
  }

  /** The same layers without the foreign ones. */
  withoutForeign(): Tree {
    return new Tree(this.layers.filter(({ isForeign }) => isForeign !== true))
  }

  /** Whether a file of this tree lies in a foreign layer. */
  isForeign(file: IniFile): boolean {
    return this.layers[this.sources.get(file) ?? -1]?.isForeign === true
  }

  /**
   * All files of a base name (`jail`, `filter.d/sshd`) in reading order, includes among them: layer by layer
   * `B.conf`, `B.d/*.conf`, `B.local`, `B.d/*.local`. No files: the base name does not exist.
   */
  filesOf(base: string): { readonly files: readonly IniFile[]; readonly problems: readonly Problem[] } {
    const reading = new Reading(this)
    const lowest = base === JAILS ? 0 : this.lowest([`${base}.conf`, `${base}.local`])
    for (const layer of this.layers.keys()) {
      if (layer < lowest) continue
      for (const extension of ['.conf', '.local']) {
        reading.add(layer, base + extension)
        for (const path of this.list(layer, `${base}.d/`, extension)) reading.add(layer, path)
      }
    }
    return reading
  }

  /** One file, parsed, or null where the layer has no such file. */
  file(layer: number, path: string): IniFile | null {
    const key = `${layer}:${path}`
    const before = this.parsed.get(key)
    if (before !== undefined) return before
    const text = this.layers[layer]?.files.get(path)
    const file = text === undefined ? null : readIni(this.shown(layer, path), text)
    this.parsed.set(key, file)
    if (file !== null) this.sources.set(file, layer)
    return file
  }

  /** The numbers of the layers that have the file, lowest first. */
  layersWith(path: string): readonly number[] {
    const lowest = this.lowest([path])
    return [...this.layers.keys()].filter(
      (layer) => layer >= lowest && this.layers[layer]?.files.has(path) === true,
    )
  }

  /** A path that an include names, relative to the root of the layers; null where it lies outside of them. */
  inside(path: string): string | null {
    if (!path.startsWith('/')) return path
    const home = this.layers.find(({ name }) => path.startsWith(`${name.replace(/\/+$/, '')}/`))
    return home === undefined ? null : path.slice(home.name.replace(/\/+$/, '').length)
  }

  /**
   * The file of the layers that stands in for one outside of them: that of the same name in the same folder. So a filter that was
   * copied here finds what it shares with others. Null where there is none.
   */
  standIn(path: string): string | null {
    const [place] = /(?:filter|jail)\.d\/[^/]+$/.exec(path) ?? []
    return place !== undefined && this.layersWith(place).length > 0 ? place : null
  }

  /** The lowest layer that counts for files of which a foreign layer may have its own. */
  private lowest(paths: readonly string[]): number {
    const own = this.layers.findLastIndex(
      ({ isForeign, files }) => isForeign === true && paths.some((path) => files.has(path)),
    )
    return Math.max(0, own)
  }

  /** How the operator finds the file: beside `/etc/warder` only the files of fail2ban need their folder. */
  private shown(layer: number, path: string): string {
    const of = this.layers[layer]
    return of?.isForeign === true ? `${of.name.replace(/\/+$/, '')}/${path}` : path
  }

  private list(layer: number, folder: string, extension: string): readonly string[] {
    const paths = [...(this.layers[layer]?.files.keys() ?? [])]
    const inFolder = (path: string): boolean =>
      path.startsWith(folder) && !path.slice(folder.length).includes('/')
    return paths.filter((path) => inFolder(path) && path.endsWith(extension)).toSorted()
  }
}

/** What the files of a layer include that is not among them, relative to its root: for who reads them from a folder. */
export function absentIncludes(layer: Layer): readonly string[] {
  const tree = new Tree([layer])
  const bases = [...layer.files.keys()].map((path) => path.replace(/\.[^./]*$/, ''))
  for (const base of new Set(bases)) tree.filesOf(base)
  return [...tree.absent]
}

/** The base name of the files of jails. */
export const JAILS = 'jail'

/** Collects the files of one base name; a file's own includes go around it. */
class Reading {
  readonly files: IniFile[] = []
  readonly problems: Problem[] = []
  private readonly tree: Tree

  constructor(tree: Tree) {
    this.tree = tree
  }

  add(layer: number, path: string, within: readonly string[] = []): void {
    const key = `${layer}:${path}`
    const file = within.includes(key) ? null : this.tree.file(layer, path)
    if (file === null) return
    const inside = [...within, key]
    this.include(this.listed(file, path, 'before'), inside)
    this.files.push(file)
    this.include(this.listed(file, path, 'after'), inside)
  }

  /** Reads each path from every layer that has it, followed by its `.local` sibling. */
  private include(paths: readonly string[], within: readonly string[]): void {
    for (const path of paths) {
      const local = path.replace(/\.[^./]*$/, '') + '.local'
      const both = new Set([path, local])
      const layers = new Set([...both].flatMap((each) => this.layersWith(each)))
      for (const layer of [...layers].toSorted((a, b) => a - b))
        for (const each of both) this.add(layer, each, within)
    }
  }

  private layersWith(path: string): readonly number[] {
    const layers = this.tree.layersWith(path)
    if (layers.length === 0) this.tree.absent.add(path)
    return layers
  }

  /** The paths that a file includes, relative to the layer's root. */
  private listed(file: IniFile, at: string, option: 'before' | 'after'): readonly string[] {
    const all = file.sections.filter((section) => section.name === INCLUDES)
    const value = all.findLast((section) => section.options.has(option))?.options.get(option)
    if (value === undefined) return []
    const names = new Map([DEFAULT, INCLUDES].flatMap((name) => optionsOf(file, name)))
    const result = interpolate(value.text, (name) => names.get(name))
    if (!result.ok) {
      this.problems.push({
        severity: 'error',
        file: file.path,
        line: value.line,
        message: `${option}: ${result.reason}`,
      })
      return []
    }
    const written = result.text.split('\n').filter((path) => path !== '')
    return written.flatMap((included) => {
      const within = this.tree.inside(included)
      const path = within === null ? null : resolvePath(at, within)
      if (path !== null) return [path]
      const place = this.tree.standIn(included)
      const instead = place === null ? ' and is not read' : `; its own ${place} is read in its place`
      const message = `includes ${quote(included)}, which lies outside of the configuration${instead}`
      this.problems.push({ severity: 'warning', file: file.path, line: value.line, message })
      return place === null ? [] : [place]
    })
  }
}

function optionsOf(file: IniFile, section: string): readonly (readonly [string, string])[] {
  const all = file.sections.filter(({ name }) => name === section)
  return all.flatMap(({ options }) => [...options].map(([name, value]) => [name, value.text] as const))
}

/** The path of an include relative to the layer's root; null where it leaves the layer. */
function resolvePath(from: string, included: string): string | null {
  const parts = included.startsWith('/') ? [] : from.split('/').slice(0, -1)
  for (const part of included.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null
    } else if (part !== '' && part !== '.') {
      parts.push(part)
    }
  }
  return parts.join('/')
}

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ZURICH, type LineRecord } from './corpus.ts'

type Options = Readonly<Record<string, string>>

/** What an annotation says of the line behind it. */
interface Annotation {
  readonly match?: boolean
  readonly host?: string
  readonly time?: string
  readonly user?: string
  readonly users?: readonly string[]
  readonly attempts?: number
  readonly constraint?: string
}

const ANNOTATION = /^#+ ?(failJSON|fileOptions|filterOptions|addFILE):(.+)$/

/** Local time without a zone → seconds. */
function toSeconds(time: string): number {
  const [year = 0, month = 1, ...rest] = time.split(/[^0-9]+/).map(Number)
  const [day = 1, hour = 0, minute = 0, second = 0] = rest
  const wall = Date.UTC(year, month - 1, day, hour, minute, second)
  return (wall - ZURICH(wall - ZURICH(wall) * 60_000) * 60_000) / 1000
}

/** Whether a condition such as `name == 'sshd'` or `opts.get('mode') != 'aggressive'` holds. */
function holds(condition: string | undefined, filter: string, options: Options): boolean {
  if (condition === undefined) return true
  const found = /^(?:(name)|opts\.get\('(\w+)'\)) ?([!=])= ?'([^']*)'$/.exec(condition)
  if (found === null) throw new Error(`unknown condition ${condition}`)
  const value = found[1] === undefined ? options[found[2] ?? ''] : filter
  return (value === found[4]) === (found[3] === '=')
}

/** Reads the annotated sample log of one filter, and those that it adds. */
class SampleLog {
  readonly records: LineRecord[] = []
  readonly #folder: string
  readonly #filter: string

  constructor(folder: string, filter: string) {
    this.#folder = folder
    this.#filter = filter
    this.#read(filter)
  }

  #read(file: string): void {
    let common: Options = {}
    let sets: readonly Options[] = [{}]
    let next: Annotation = {}
    const lines = readFileSync(join(this.#folder, file), 'utf8').split(/\r?\n/)
    for (const [index, line] of lines.entries()) {
      const [, kind, json = ''] = ANNOTATION.exec(line) ?? []
      if (kind === 'failJSON') next = JSON.parse(json) as Annotation
      if (kind === 'addFILE') this.#read(String(JSON.parse(json)))
      if (kind === 'fileOptions') common = JSON.parse(json) as Options
      if (kind === 'filterOptions') sets = [JSON.parse(json) as Options | Options[]].flat()
      if (kind !== undefined || line.startsWith('#') || line.trim() === '') continue
      for (const own of sets)
        this.#add(`${file}:${index + 1}`, line, { options: { ...common, ...own }, next })
      next = {}
    }
  }

  #add(place: string, line: string, { options, next }: { options: Options; next: Annotation }): void {
    const { 'test.condition': condition, 'test.prefix-line': prefix = '', ...own } = options
    if (!holds(condition, this.#filter, own) || !holds(next.constraint, this.#filter, own)) return
    const { match = false, time, constraint: _, ...rest } = next
    const source = own['logtype'] === 'journal' ? 'journal' : 'file'
    const stream = `${this.#filter} ${JSON.stringify(own)}`
    const epoch = match && typeof time === 'string' && source === 'file' ? { epoch: toSeconds(time) } : {}
    const seq = this.records.length
    const expect = { ...rest, match, ...epoch }
    this.records.push({
      ...{ id: `${place} ${JSON.stringify(own)}`, filter: this.#filter, stream, seq },
      ...{ options: own, source, prefix, line, expect },
    })
  }
}

/** Only runs with other logs, or only to find out what is reported in tests, unlike in production. */
const NOT_ALONE = ['sshd-journal', 'zzz-sshd-obsolete-multiline']

/** All annotated sample logs in a folder as records. */
export function readSampleLogs(folder: string): readonly LineRecord[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !NOT_ALONE.includes(entry.name))
    .flatMap(({ name }) => new SampleLog(folder, name).records)
}

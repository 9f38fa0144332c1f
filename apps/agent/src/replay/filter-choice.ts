import { formatProblem, readConfiguration, type Configuration, type Layer } from '@warder/conf'
import type { FilterDefinition } from '@warder/core'
import { isFile, readFilterFile, readLayers } from './layers.ts'

/** What the command line says of the filter. */
export interface Wish {
  /** A filter's name with parameters, its file, the name of a jail, or an expression. */
  readonly filter: string
  /** An expression, or a file with ignoreregex. */
  readonly ignoreregex: string | undefined
  readonly datepattern: string | undefined
  readonly maxlines: string | undefined
  readonly config: string | undefined
  /** The lines come from the journal, not from a file. */
  readonly isJournal: boolean
}

/** A filter and what it was taken for, or why there is none. */
export type Chosen =
  | {
      readonly ok: true
      readonly filter: FilterDefinition
      readonly from: string
      readonly problems: readonly string[]
    }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Any name that a shipped or an operator's jail hardly has. */
const JAIL = 'warder-regex-trial'

/** Finds the filter that is meant. @throws ConfigError */
export async function chooseFilter(wish: Wish): Promise<Chosen> {
  const found =
    (await inFile(wish)) ?? (await byName(wish)) ?? notThere(wish.filter) ?? asExpression(wish.filter)
  return found.ok ? withWishes(found, wish) : found
}

/** `name[options]` → its two parts. */
const partsOf = (reference: string): readonly [name: string, options: string] => {
  const [, name = '', options = ''] = /^([^[]+?)(\[.*\])?$/s.exec(reference) ?? []
  return [name, options]
}

async function inFile({ filter, isJournal }: Wish): Promise<Chosen | null> {
  const [name, options] = partsOf(filter)
  const candidates = /\.(?:conf|local)$/.test(name)
    ? [name]
    : name.includes('/')
      ? [`${name}.conf`, `${name}.local`]
      : []
  const there = await Promise.all(candidates.map(isFile))
  const path = candidates.find((_, i) => there[i])
  if (path === undefined) return null
  const file = await readFilterFile(path)
  return fromFiles(file.layers, `${file.name}${options}`, isJournal)
}

/** A filter of the configuration, or else a jail with what it says in place of its filter. */
async function byName({ filter, config, isJournal }: Wish): Promise<Chosen | null> {
  const [written, options] = partsOf(filter)
  if (!/^[\w.-]+$/.test(written)) return null
  const name = written.replace(/\.(?:conf|local)$/, '')
  const { layers, problems } = await readLayers(config)
  const isThere = layers.some(({ files }) =>
    ['conf', 'local'].some((extension) => files.has(`filter.d/${name}.${extension}`)),
  )
  const chosen = isThere
    ? fromFiles(layers, name + options, isJournal)
    : fromJail(readConfiguration(layers), written)
  return chosen && { ...chosen, problems: [...problems, ...chosen.problems] }
}

function fromJail({ jails, problems }: Configuration, name: string): Chosen | null {
  const told = problems.filter(({ jail }) => jail === name).map(formatProblem)
  const jail = jails.find((each) => each.name === name)
  if (jail !== undefined) return { ok: true, filter: jail.filter, from: `jail ${name}`, problems: told }
  return told.length > 0 ? { ok: false, problems: told } : null
}

/** What looks like a name or a file is no expression: that would capture nobody. */
function notThere(filter: string): Chosen | null {
  const [name] = partsOf(filter)
  if (!/^[\w./-]+$/.test(name)) return null
  const what = name.includes('/') || /\.(?:conf|local)$/.test(name) ? 'file' : 'filter and no jail'
  return { ok: false, problems: [`error: there is no ${what} ${name}`] }
}

function asExpression(expression: string): Chosen {
  const filter: FilterDefinition = {
    name: 'given',
    failregex: expression.split('\n').filter((line) => line.trim() !== ''),
    ignoreregex: [],
    maxlines: 1,
    journalmatch: [],
  }
  return { ok: true, filter, from: 'the given expression', problems: [] }
}

/** A filter as a jail would use it; what jails say elsewhere does not count. */
function fromFiles(layers: readonly Layer[], reference: string, isJournal: boolean): Chosen {
  const onlyFilters = layers.map((layer) => ({
    ...layer,
    files: new Map([...layer.files].filter(([path]) => path.startsWith('filter.d/'))),
  }))
  const source = isJournal ? 'backend = systemd' : 'backend = polling\nlogpath = /log'
  // A jail with the filter of this name would count bans; whoever tries the filter wants its expressions.
  const [name, options] = partsOf(reference)
  const isOfBans = name === 'recidive'
  const used = isOfBans ? JAIL + options : reference
  const text = `[${JAIL}]\nenabled = true\n${source}\nfilter = ${used.replaceAll('\n', ' ')}\n`
  const around = isOfBans ? [[`filter.d/${JAIL}.conf`, `[INCLUDES]\nbefore = ${name}.conf\n`] as const] : []
  const trial: Layer = { name: 'trial', files: new Map([['jail.conf', text], ...around]) }
  const { jails, problems } = readConfiguration([...onlyFilters, trial])
  const told = problems.filter((problem) => problem.jail === JAIL).map((problem) => toldOf(problem))
  const filter = jails.find((jail) => jail.name === JAIL)?.filter
  if (filter === undefined) return { ok: false, problems: told }
  return { ok: true, filter, from: `filter ${reference}`, problems: told }
}

/** The jail is one of ours, and so is the place where it names the filter. */
function toldOf(problem: Configuration['problems'][number]): string {
  const { severity, file, line, message } = problem
  const isOurs = file === 'jail.conf' && message !== ''
  return formatProblem(
    isOurs || file === undefined
      ? { severity, message }
      : { severity, file, ...(line ? { line } : {}), message },
  )
}

async function withWishes(chosen: Extract<Chosen, { ok: true }>, wish: Wish): Promise<Chosen> {
  const { datepattern, maxlines } = wish
  if (maxlines !== undefined && !/^[1-9]\d{0,3}$/.test(maxlines))
    return { ok: false, problems: [`error: maxlines is not a whole number above 0: ${maxlines}`] }
  const ignored = wish.ignoreregex === undefined ? [] : await ignoreregexOf(wish.ignoreregex, wish.isJournal)
  if (!Array.isArray(ignored)) return ignored
  const filter: FilterDefinition = {
    ...chosen.filter,
    ...(ignored.length > 0 ? { ignoreregex: [...chosen.filter.ignoreregex, ...ignored] } : {}),
    ...(datepattern === undefined ? {} : { datepattern }),
    ...(maxlines === undefined ? {} : { maxlines: Number(maxlines) }),
  }
  return { ...chosen, filter }
}

/** The ignoreregex of a file, or the one that is given. */
async function ignoreregexOf(
  given: string,
  isJournal: boolean,
): Promise<string[] | Extract<Chosen, { ok: false }>> {
  if (!/\.(?:conf|local)$/.test(given) || !(await isFile(given))) return [given]
  const { layers, name } = await readFilterFile(given)
  const chosen = fromFiles(layers, name, isJournal)
  return chosen.ok ? [...chosen.filter.ignoreregex] : chosen
}

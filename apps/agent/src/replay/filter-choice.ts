import { formatProblem, readConfiguration, type Layer } from '@warder/conf'
import type { FilterDefinition } from '@warder/core'
import { isLog } from './lines.ts'
import { readFilterFile, readLayers } from './layers.ts'

/** What the command line says of the filter. */
export interface Wish {
  /** A filter's name with parameters, its file, or an expression. */
  readonly filter: string
  readonly ignoreregex: string | undefined
  readonly datepattern: string | undefined
  readonly config: string | undefined
}

/** A filter, or why there is none. */
export type Chosen =
  | { readonly ok: true; readonly filter: FilterDefinition; readonly problems: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Any name that a shipped or an operator's jail hardly has. */
const JAIL = 'warder-regex-trial'

/** Finds the filter that is meant. @throws ConfigError */
export async function chooseFilter(wish: Wish): Promise<Chosen> {
  const [, name = '', options = ''] = /^([^[]+?)(\[.*\])?$/s.exec(wish.filter) ?? []
  if (/\.(?:conf|local)$/.test(name) && (await isLog(name))) {
    const file = await readFilterFile(name)
    return fromFiles(file.layers, `${file.name}${options}`, wish)
  }
  if (/^[\w.-]+$/.test(name)) {
    const { layers, problems } = await readLayers(wish.config)
    const isThere = layers.some(({ files }) =>
      ['conf', 'local'].some((extension) => files.has(`filter.d/${name}.${extension}`)),
    )
    if (isThere) {
      const chosen = fromFiles(layers, wish.filter, wish)
      return { ...chosen, problems: [...problems, ...chosen.problems] }
    }
  }
  const { filter: failregex, ignoreregex, datepattern } = wish
  const filter: FilterDefinition = {
    name: 'given',
    failregex: [failregex],
    ignoreregex: ignoreregex === undefined ? [] : [ignoreregex],
    ...(datepattern === undefined ? {} : { datepattern }),
    maxlines: 1,
    journalmatch: [],
  }
  return { ok: true, filter, problems: [] }
}

/** A filter as a jail over a file would use it; what jails say elsewhere does not count. */
function fromFiles(layers: readonly Layer[], reference: string, { ignoreregex, datepattern }: Wish): Chosen {
  const onlyFilters = layers.map((layer) => ({
    ...layer,
    files: new Map([...layer.files].filter(([path]) => path.startsWith('filter.d/'))),
  }))
  const jail = `[${JAIL}]\nenabled = true\nbackend = polling\nlogpath = /log\nfilter = ${reference.replaceAll('\n', ' ')}\n`
  const trial: Layer = { name: 'trial', files: new Map([['jail.conf', jail]]) }
  const { jails, problems } = readConfiguration([...onlyFilters, trial])
  const told = problems.map(formatProblem)
  const found = jails.find(({ name }) => name === JAIL)?.filter
  if (found === undefined) return { ok: false, problems: told }
  const filter: FilterDefinition = {
    ...found,
    ...(ignoreregex === undefined ? {} : { ignoreregex: [...found.ignoreregex, ignoreregex] }),
    ...(datepattern === undefined ? {} : { datepattern }),
  }
  return { ok: true, filter, problems: told }
}

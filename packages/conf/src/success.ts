import { compileFilter, type FilterDefinition, type SuccessDefinition } from '@warder/core'
import { openDefinition } from './definition.ts'
import type { Tree } from './include.ts'
import type { OptionReader } from './option-reader.ts'
import { quote } from './problem.ts'
import { parseReference } from './reference.ts'
import { linesOf } from './value.ts'

/** Options of a filter that tell what a success looks like, by name. */
type Written = (option: 'successregex' | 'prefregex' | 'datepattern') => string

/**
 * Our own options: what a login looks like that went well. `successregex` stands in the jail, in its filter, or in
 * the one that `successfilter` names; `successlog` says where, if not where the failures are. What is wrong with them
 * costs the jail nothing but its successes.
 */
export function readSuccess(
  options: OptionReader,
  tree: Tree,
  own: FilterDefinition,
): { readonly success?: SuccessDefinition } {
  const named = (options.soft('successfilter') ?? '').trim()
  const isNone = /^(?:off|no|none|false|0)$/i.test(named)
  const written = isNone ? null : named === '' ? writtenBy(options) : writtenIn(options, tree, named)
  const successregex = linesOf(written?.('successregex') ?? '')
  if (written === null || successregex.length === 0) return {}
  const [prefregex, datepattern] = [written('prefregex'), written('datepattern')]
  const filter: FilterDefinition = {
    name: own.name,
    ...(prefregex === '' ? {} : { prefregex }),
    failregex: successregex,
    ignoreregex: [],
    ...(datepattern === '' ? {} : { datepattern }),
    ...(own.logtimezone === undefined ? {} : { logtimezone: own.logtimezone }),
    maxlines: 1,
    journalmatch: own.journalmatch,
  }
  const compiled = compileFilter(filter)
  if (!compiled.ok) {
    for (const problem of compiled.problems)
      options.remark(
        'successregex',
        `${problem.replace(': failregex', ': successregex')}; no success is seen`,
      )
    return {}
  }
  const logpath = readLog(options)
  return { success: logpath.length === 0 ? { filter } : { filter, logpath } }
}

function readLog(options: OptionReader): readonly string[] {
  return linesOf(options.soft('successlog') ?? '').filter((path) => {
    const isAbsolute = path.startsWith('/')
    if (!isAbsolute) options.remark('successlog', `successlog is not absolute: ${quote(path)}`)
    return isAbsolute
  })
}

const writtenBy =
  ({ text }: OptionReader): Written =>
  (option) => {
    const found = text.setting(option)
    return found?.ok ? found.text : ''
  }

function writtenIn(options: OptionReader, tree: Tree, named: string): Written | null {
  const parsed = parseReference(named)
  const opened = parsed.ok
    ? openDefinition(tree, 'filter.d', {
        reference: parsed.reference,
        context: new Map(),
        preset: new Map([['logtype', 'file']]),
      })
    : null
  if (opened?.ok !== true) {
    options.remark('successfilter', `successfilter ${quote(named)} cannot be read; no success is seen`)
    return null
  }
  return (option) => {
    const found = opened.definition.get(option)
    return found?.ok ? found.text : ''
  }
}

import { Tree } from '../../packages/conf/src/include.ts'
import { merge } from '../../packages/conf/src/merge.ts'
import { splitReferences } from '../../packages/conf/src/reference.ts'
import {
  filterSettings,
  jailCommands,
  openFilter,
  referenceOf,
  Refused,
  type Command,
} from '../../packages/conf/src/stream.ts'
import type { Case } from './corpus.ts'

const treeOf = (files: unknown): Tree =>
  new Tree([{ name: 'case', files: new Map(Object.entries(files as Record<string, string>)) }])

/** Why a jail is skipped: what is missing by its name, or that something is written wrongly. */
const REASON = /(?:(?:filter|action) ('[^']+')$|(Invalid \w+ definition))/

/** What decides: everything but the order of commands and the wording of errors. */
function comparable(jail: string, commands: readonly Command[]): unknown {
  const plain = commands.map((command) =>
    command[0] === 'config-error' ? ['config-error', REASON.exec(String(command[1]))?.slice(1)] : command,
  )
  return { jail, commands: plain.map((command) => JSON.stringify(command)).toSorted() }
}

/** Commands of all jails → those of each jail. */
function byJail(stream: readonly Command[]): unknown[] {
  const jails = new Map<string, Command[]>()
  for (const [verb, ...rest] of stream) {
    const error = verb === 'config-error' ? String(rest[0]) : null
    const name = error === null ? String(rest[0]) : (/Jail '([^']+)'/.exec(error)?.[1] ?? '')
    const command = error === null ? [verb, ...rest.slice(1)] : [verb, error]
    jails.set(name, [...(jails.get(name) ?? []), command])
  }
  return [...jails].map(([name, commands]) => comparable(name, commands))
}

function configuration(files: unknown): unknown[] {
  const tree = treeOf(files)
  const merged = merge(tree.filesOf('jail').files)
  if (merged.faults.length > 0) throw new Refused(merged.faults[0]?.message)
  return [...merged.sections.keys()]
    .map((name) => ({ name, commands: jailCommands(tree, merged, { name, version: '1.1' }) }))
    .filter(({ commands }) => commands.length > 0)
    .map(({ name, commands }) => comparable(name, commands))
}

type Run = (input: Case['in']) => unknown

const RUN: Readonly<Record<string, Run>> = {
  options: ({ text }) => {
    const { name, options } = referenceOf(String(text))
    return { name, options: Object.fromEntries(options) }
  },
  actions: ({ text }) => ({ list: splitReferences(String(text)) }),
  config: ({ files }) => configuration(files),
  filter: ({ files, filter, options }) => ({
    settings: filterSettings(openFilter(treeOf(files), String(filter), options as Record<string, string>)),
  }),
}

/** The kinds of cases about the language of configuration files. */
export const CONFIG_KINDS: readonly string[] = Object.keys(RUN)

/** Our outcome and the expected one in the same notation; 'refused' where there is an error. */
export function runConfigCase(one: Case): { ours: unknown; theirs: unknown } {
  return { ours: outcomeOf(one), theirs: expectedOf(one) }
}

function outcomeOf({ kind, in: input }: Case): unknown {
  try {
    return RUN[kind]?.(input)
  } catch (error) {
    if (error instanceof Refused) return 'refused'
    throw error
  }
}

function expectedOf({ kind, expect }: Case): unknown {
  if ('error' in expect) return 'refused'
  if (kind === 'config') return byJail(expect['stream'] as Command[])
  if (kind !== 'filter') return expect
  const settings = Object.entries(expect['settings'] as Record<string, string | string[]>)
  return { settings: Object.fromEntries(settings.map(([name, value]) => [name, [value].flat().map(String)])) }
}

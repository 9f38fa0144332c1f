import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Tree } from './include.ts'
import { merge } from './merge.ts'
import { splitReferences } from './reference.ts'
import { filterSettings, jailCommands, openFilter, referenceOf, Refused, type Command } from './stream.ts'

const CORPUS = process.env['WARDER_CORPUS'] ?? ''

type Case = {
  id: string
  kind: string
  note?: string
  in: Record<string, unknown>
  expect: Record<string, unknown>
}

/** What decides: everything but the order of commands and the wording of errors. */
function comparable(jail: string, commands: readonly Command[]): unknown {
  const plain = commands.map((command) =>
    command[0] === 'config-error' ? ['config-error', /'[^']+'$/.exec(String(command[1]))?.[0]] : command,
  )
  return { jail, commands: plain.map((command) => JSON.stringify(command)).toSorted() }
}

function expectedJails(stream: readonly Command[]): unknown[] {
  const jails = new Map<string, Command[]>()
  for (const [verb, ...rest] of stream) {
    const error = verb === 'config-error' ? String(rest[0]) : null
    const name = error === null ? String(rest[0]) : (/Jail '([^']+)'/.exec(error)?.[1] ?? '')
    const command = error === null ? [verb, ...rest.slice(1)] : [verb, error]
    jails.set(name, [...(jails.get(name) ?? []), command])
  }
  return [...jails].map(([name, commands]) => comparable(name, commands))
}

function config(files: Record<string, string>): unknown[] {
  const tree = new Tree([{ name: 'case', files: new Map(Object.entries(files)) }])
  const merged = merge(tree.filesOf('jail').files)
  if (merged.faults.length > 0) throw new Refused(merged.faults[0]?.message)
  const jails = [...merged.sections.keys()].map((name) => ({
    name,
    commands: jailCommands(tree, merged, { name, version: '1.1' }),
  }))
  return jails
    .filter(({ commands }) => commands.length > 0)
    .map(({ name, commands }) => comparable(name, commands))
}

const RUN: Record<string, (input: Record<string, unknown>) => unknown> = {
  options: ({ text }) => {
    const { name, options } = referenceOf(String(text))
    return { name, options: Object.fromEntries(options) }
  },
  actions: ({ text }) => ({ list: splitReferences(String(text)) }),
  config: ({ files }) => config(files as Record<string, string>),
  filter: ({ files, filter, options }) => {
    const tree = new Tree([{ name: 'case', files: new Map(Object.entries(files as Record<string, string>)) }])
    return { settings: filterSettings(openFilter(tree, String(filter), options as Record<string, string>)) }
  },
}

function outcome(kind: string, input: Record<string, unknown>): unknown {
  try {
    return RUN[kind]?.(input)
  } catch (error) {
    if (error instanceof Refused) return 'refused'
    throw error
  }
}

function expected({ kind, expect: wanted }: Case): unknown {
  if ('error' in wanted) return 'refused'
  if (kind === 'config') return expectedJails(wanted['stream'] as Command[])
  if (kind === 'filter') {
    const settings = Object.entries(wanted['settings'] as Record<string, string | string[]>)
    return { settings: Object.fromEntries(settings.map(([name, value]) => [name, [value].flat()])) }
  }
  return wanted
}

const path = join(CORPUS, 'fail2ban-semantics-visible.jsonl')

describe('recorded readings of the original', () => {
  if (!existsSync(path)) {
    it.skip('are compared (skipped: the corpus is not on this machine)')
    return
  }
  const cases = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): Case => JSON.parse(line))
  const titled = cases
    .filter(({ kind }) => kind in RUN)
    .map((one) => ({ ...one, title: `${one.id} ${one.note ?? ''}` }))
  it.each(titled)('$title', (one) => {
    expect(outcome(one.kind, one.in)).toEqual(expected(one))
  })
})

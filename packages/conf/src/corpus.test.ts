import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDefinition, type Definition } from './definition.ts'
import { Tree } from './include.ts'
import { isTrue, JailText } from './jail-text.ts'
import { shellWords } from './journalmatch.ts'
import { merge, type Merged } from './merge.ts'
import { parseReference, splitReferences, type Reference } from './reference.ts'

/*
 * The original's own view of a configuration: the stream of commands that it would send to its server. It is put
 * together here from the same parts that readConfiguration uses, so that the reading of files, includes,
 * interpolation, tags and precedence can be compared with recorded streams.
 */

const CORPUS = process.env['WARDER_CORPUS'] ?? join(import.meta.dirname, '../../../../shared/corpus')
const CONFIG = process.env['WARDER_FAIL2BAN_CONFIG'] ?? '/etc/fail2ban'

type Case = {
  id: string
  kind: string
  note?: string
  in: Record<string, unknown>
  expect: Record<string, unknown>
}
type Command = readonly unknown[]

class Refused extends Error {}

const FILTER_ORDER = [
  'usedns',
  'prefregex',
  'maxlines',
  'ignoreregex',
  'failregex',
  'datepattern',
  'journalmatch',
] as const
const JAIL_ORDER = [
  'maxretry',
  'maxmatches',
  'findtime',
  'bantime',
  'ignorecommand',
  'ignoreip',
  'logencoding',
] as const
const ACTIONS = [
  'actionstart',
  'actionstop',
  'actionflush',
  'actionreload',
  'actioncheck',
  'actionrepair',
  'actionban',
  'actionprolong',
  'actionreban',
  'actionunban',
]
const SWITCHES = ['actionstart_on_demand', 'actionrepair_on_unban', 'norestored']
const NUMBERS = new Set(['maxretry', 'maxmatches', 'maxlines'])

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
const number = (text: string): number | null => (/^[+-]?\d+$/.test(text.trim()) ? Number(text) : null)

function setting(option: string, value: string): Command[] {
  if (option === 'failregex' || option === 'ignoreregex') {
    const list = lines(value)
    if (list.length === 0) return []
    return [list.length === 1 ? ['set', `add${option}`, list[0]] : ['multi-set', `add${option}`, list]]
  }
  if (option === 'journalmatch')
    return lines(value).map((line) => ['set', 'addjournalmatch', ...(shellWords(line) ?? [])])
  if (option === 'ignoreip')
    return [['set', 'addignoreip', ...value.split(/[\s,]+/).filter((word) => word !== '')]]
  if (NUMBERS.has(option)) return [['set', option, number(value)]]
  return [['set', option, value]]
}

function textOf(found: { ok: boolean; text?: string; reason?: string } | undefined): string | undefined {
  if (found?.ok === false) throw new Refused(found.reason)
  return found?.text
}

function referenceOf(text: string): Reference {
  const parsed = parseReference(text)
  if (!parsed.ok) throw new Refused(parsed.reason)
  return parsed.reference
}

/** Since 1.1 a parameter replaces the conditional variants of its option too. */
type Version = '1.0.2' | '1.1'

/** The commands of one action, with what its file says put in. */
function actionCommands(tree: Tree, jail: string, written: string, version: Version): Command[] | null {
  const { name, options } = referenceOf(written)
  const called = options.get('name') ?? jail
  const actname = options.get('actname') ?? name + (called.startsWith(jail) ? called.slice(jail.length) : '')
  const parameters = new Map([...options, ['name', called], ['actname', actname]] as [string, string][])
  const use = { reference: { name, options: parameters }, context: new Map(), preset: new Map() }
  const opened = openDefinition(tree, 'action.d', use)
  if (!opened.ok) return null
  const init = [...(merge(tree.filesOf(`action.d/${name}`).files).sections.get('Init')?.options ?? [])]
  const values = [...ACTIONS, ...SWITCHES].flatMap((option) => {
    const text = textOf(opened.definition.get(option))
    return text === undefined ? [] : [[option, SWITCHES.includes(option) ? isTrue(text) : text]]
  })
  const rest = init.filter(([option]) => !parameters.has(option) && !option.startsWith('known/'))
  const given = (option: string): string | undefined =>
    parameters.get(version === '1.1' ? (option.split('?')[0] ?? '') : option)
  const replaced = rest.map(([option, { text }]) => [option, given(option) ?? text.replaceAll('%%', '%')])
  const own = [...parameters].filter(([option]) => !SWITCHES.includes(option))
  return [
    ['set', 'addaction', actname],
    ['multi-set', 'action', actname, [...values, ...own, ...replaced]],
  ]
}

/** The commands of one jail, without its name; a single config-error where it is skipped. */
function jailCommands(tree: Tree, merged: Merged, jail: { name: string; version: Version }): Command[] {
  const { name, version } = jail
  const section = merged.sections.get(name)
  if (section === undefined || section.faults.length > 0) throw new Refused(section?.faults[0]?.message)
  const text = new JailText(merged, section)
  if (!isTrue(textOf(text.get('enabled')) ?? '')) return []
  const backend = textOf(text.get('backend')) ?? 'auto'
  const commands: Command[] = [['add', backend]]
  const written = textOf(text.get('filter'))
  const { missing } = text.openFilter(tree)
  if (missing !== null) return [['config-error', `Unable to read the filter '${written}'`]]
  for (const option of FILTER_ORDER) {
    const value = textOf(text.setting(option))
    if (value !== undefined) commands.push(...setting(option, value))
  }
  for (const option of JAIL_ORDER) {
    const value = textOf(text.get(option))
    if (value !== undefined) commands.push(...setting(option, value))
  }
  for (const action of splitReferences(textOf(text.get('action')) ?? '')) {
    const added = actionCommands(tree, name, action, version)
    if (added === null) return [['config-error', `Unable to read action '${action}'`]]
    commands.push(...added)
  }
  return [...commands, ['start']]
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
    const name =
      error === null
        ? String(verb === 'multi-set' || verb === 'set' ? rest[0] : rest[0])
        : (/Jail '([^']+)'/.exec(error)?.[1] ?? '')
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

function filterSettings(definition: Definition): Record<string, string[]> {
  const found = FILTER_ORDER.map((option) => [option, textOf(definition.get(option))] as const)
  const split = (option: string, text: string): string[] =>
    option === 'failregex' || option === 'ignoreregex' || option === 'journalmatch' ? lines(text) : [text]
  const listed = found.flatMap(([option, text]) =>
    text === undefined || text === '' ? [] : [[option, split(option, text)] as const],
  )
  return Object.fromEntries(listed.filter(([, list]) => list.length > 0))
}

function openFilter(tree: Tree, name: string, options: Record<string, string>): Definition {
  const use = {
    reference: { name, options: new Map(Object.entries(options)) },
    context: new Map(),
    preset: new Map([['logtype', 'file']]),
  }
  const opened = openDefinition(tree, 'filter.d', use)
  if (!opened.ok) throw new Refused(opened.problem.message)
  return opened.definition
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

const readLines = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)

const semantics = join(CORPUS, 'fail2ban-semantics-visible.jsonl')
describe.skipIf(!existsSync(semantics))(
  'recorded readings of the original (skipped where the corpus is absent)',
  () => {
    const cases = existsSync(semantics) ? readLines<Case>(semantics).filter(({ kind }) => kind in RUN) : []
    it.each(cases.map((one) => ({ ...one, title: `${one.id} ${one.note ?? ''}` })))('$title', (one) => {
      expect(outcome(one.kind, one.in)).toEqual(expected(one))
    })
  },
)

const fingerprints = join(CORPUS, 'fail2ban-debian-1.0.2-config-fingerprints.jsonl')
const absent = !existsSync(fingerprints) || !existsSync(join(CONFIG, 'filter.d/apache-auth.conf'))
describe.skipIf(absent)(
  "Debian's own files, expanded (skipped where the corpus or the package's files are absent)",
  () => {
    type Print = {
      kind: string
      filter?: string
      jail?: string
      options?: Record<string, string>
      settings: unknown
    }
    const files = new Map(
      absent
        ? []
        : readdirSync(CONFIG, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => {
              const path = join(entry.parentPath, entry.name)
              return [path.slice(CONFIG.length + 1), readFileSync(path, 'utf8')] as const
            }),
    )
    const tree = new Tree([{ name: CONFIG, files }])
    const merged = merge(tree.filesOf('jail').files)
    const prints = absent ? [] : readLines<Print>(fingerprints)
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

    /** Our value in the notation of the expected one: hashed where that is a fingerprint. */
    const alike = (ours: unknown, wanted: unknown): unknown => {
      if (Array.isArray(ours))
        return ours.map((value, index) => alike(value, Array.isArray(wanted) ? wanted[index] : undefined))
      const isPrint = typeof wanted === 'object' && wanted !== null && 'fp' in wanted
      return isPrint && typeof ours === 'string'
        ? { fp: hash(ours.replaceAll('/etc/fail2ban', '<confdir>')) }
        : ours
    }

    it.each(
      prints
        .filter(({ kind }) => kind === 'filter')
        .map((print) => ({ ...print, title: `${print.filter} ${JSON.stringify(print.options)}` })),
    )('filter $title', ({ filter, options, settings }) => {
      const ours = Object.entries(filterSettings(openFilter(tree, filter ?? '', options ?? {})))
      expect(Object.fromEntries(ours.map(([name, list]) => [name, list.map(hash)]))).toEqual(settings)
    })

    it.each(prints.filter(({ kind }) => kind === 'jail').map((print) => ({ ...print, title: print.jail })))(
      'jail $title',
      ({ jail, settings }) => {
        const section = merged.sections.get(jail ?? '')
        if (section === undefined) throw new Error('no such jail')
        const enabled = { text: 'true', file: 'test', line: 1 }
        const sections = new Map([
          ...merged.sections,
          [section.name, { ...section, options: new Map([...section.options, ['enabled', enabled]]) }],
        ])
        const commands = jailCommands(
          tree,
          { ...merged, sections },
          { name: section.name, version: '1.0.2' },
        ).filter(([verb]) => verb !== 'start')
        const wanted = (settings as Command[]).filter(([, name]) => name !== 'addlogpath')
        const ours = commands.map(([verb, ...rest]) => (verb === 'multi-set' ? rest : [verb, ...rest]))
        expect(ours.map((command, index) => alike(command, wanted[index]))).toEqual(wanted)
      },
    )
  },
)

import { openDefinition, type Definition } from './definition.ts'
import { FILTER_SETTINGS } from './filter-settings.ts'
import type { Expansion } from './interpolate.ts'
import type { Tree } from './include.ts'
import { isTrue, JailText } from './jail-text.ts'
import { shellWords } from './journalmatch.ts'
import { merge, type Merged } from './merge.ts'
import { parseReference, splitReferences, type Reference } from './reference.ts'
import { wholeNumber } from './value.ts'

/*
 * The original's own view of a configuration: the stream of commands that it would send to its server. It is put
 * together here from the same parts that readConfiguration uses, so that the reading of files, includes,
 * interpolation, tags and precedence can be compared with recorded streams.
 */

/** One command to the server: what to do, with which values. */
export type Command = readonly unknown[]

/** The original would end with an error. */
export class Refused extends Error {}

const JAIL_ORDER = [
  'maxretry',
  'maxmatches',
  'findtime',
  'bantime',
  'bantime.increment',
  'bantime.factor',
  'bantime.formula',
  'bantime.multipliers',
  'bantime.maxtime',
  'bantime.rndtime',
  'bantime.overalljails',
  'ignorecommand',
  'ignoreself',
  'ignoreip',
  'ignorecache',
  'logtimezone',
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
const BOOLEANS = new Set(['bantime.increment', 'bantime.overalljails', 'ignoreself'])

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

/** @throws Refused where a quote stays open. */
function wordsOf(line: string): readonly string[] {
  const words = shellWords(line)
  if (words === null) throw new Refused(`a quote stays open in ${line}`)
  return words
}

function setting(option: string, value: string): Command[] {
  if (option === 'failregex' || option === 'ignoreregex') {
    const list = lines(value)
    if (list.length === 0) return []
    return [list.length === 1 ? ['set', `add${option}`, list[0]] : ['multi-set', `add${option}`, list]]
  }
  if (option === 'journalmatch')
    return lines(value).map((line) => ['set', 'addjournalmatch', ...wordsOf(line)])
  if (option === 'ignoreip')
    return [['set', 'addignoreip', ...value.split(/[\s,]+/).filter((word) => word !== '')]]
  if (option === 'maxlines' && wholeNumber(value) === null) return []
  if (NUMBERS.has(option)) return [['set', option, wholeNumber(value)]]
  if (BOOLEANS.has(option)) return [['set', option, isTrue(value)]]
  return [['set', option, value]]
}

function textOf(found: Expansion | undefined): string | undefined {
  if (found?.ok === false) throw new Refused(found.reason)
  return found?.text
}

/** @throws Refused where the text is no reference. */
export function referenceOf(text: string): Reference {
  const parsed = parseReference(text)
  if (!parsed.ok) throw new Refused(parsed.reason)
  return parsed.reference
}

/** The original's versions that differ: since 1.1 a parameter replaces the conditional variants of its option too. */
export type Version = '1.0.2' | '1.1'

const isThere = (tree: Tree, base: string): boolean => tree.filesOf(base).files.length > 0

/** The commands of one action, with what its file says put in. */
function actionCommands(tree: Tree, jail: string, written: string, version: Version): Command[] | null {
  const { name, options } = referenceOf(written)
  const called = options.get('name') ?? jail
  const beyond = called.startsWith(jail) ? called.slice(jail.length) : `-${called}`
  const actname = options.get('actname') ?? name + beyond
  const parameters = new Map([...options, ['name', called], ['actname', actname]] as [string, string][])
  const use = { reference: { name, options: parameters }, context: new Map(), preset: new Map() }
  const opened = openDefinition(tree, 'action.d', use)
  if (!opened.ok) {
    if (isThere(tree, `action.d/${name}`)) throw new Refused(opened.problem.message)
    return null
  }
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
export function jailCommands(
  tree: Tree,
  merged: Merged,
  jail: { name: string; version: Version },
): Command[] {
  const { name, version } = jail
  const section = merged.sections.get(name)
  if (section === undefined || section.faults.length > 0) throw new Refused(section?.faults[0]?.message)
  const text = new JailText(merged, section, tree.fail2banFolder)
  const enabled = textOf(text.get('enabled')) ?? ''
  const backend = textOf(text.get('backend')) ?? 'auto'
  const written = textOf(text.get('filter'))
  if (!isTrue(enabled)) return []
  const commands: Command[] = [['add', backend]]
  if (written !== undefined && written !== '' && !parseReference(written).ok)
    return [['config-error', `Invalid filter definition '${written}'`]]
  const { missing, problems } = text.openFilter(tree)
  const include = problems.find(({ severity }) => severity === 'error')
  if (include !== undefined) throw new Refused(include.message)
  if (missing !== null) {
    if (isThere(tree, `filter.d/${referenceOf(written ?? '').name}`)) throw new Refused(missing.message)
    return [['config-error', `Unable to read the filter '${written}'`]]
  }
  const broken = text.brokenFilter()
  if (broken !== null) throw new Refused(broken)
  for (const option of FILTER_SETTINGS) {
    for (const said of text.said(option)) commands.push(...setting(option, textOf(said) ?? ''))
  }
  for (const option of JAIL_ORDER) {
    const value = textOf(text.get(option))
    if (value !== undefined) commands.push(...setting(option, value))
  }
  textOf(text.get('logpath'))
  for (const action of splitReferences(textOf(text.get('action')) ?? '')) {
    if (!parseReference(action).ok) return [['config-error', `Invalid action definition '${action}'`]]
    const added = actionCommands(tree, name, action, version)
    if (added === null) return [['config-error', `Unable to read action '${action}'`]]
    commands.push(...added)
  }
  return [...commands, ['start']]
}

/** The settings of a filter, lists line by line. */
export function filterSettings(definition: Definition): Record<string, string[]> {
  const broken = definition.broken('init')
  if (broken !== null) throw new Refused(broken)
  const found = FILTER_SETTINGS.map((option) => [option, textOf(definition.get(option))] as const)
  const split = (option: string, text: string): string[] =>
    option === 'failregex' || option === 'ignoreregex' || option === 'journalmatch' ? lines(text) : [text]
  const listed = found.flatMap(([option, text]) =>
    text === undefined || (option === 'maxlines' && wholeNumber(text) === null)
      ? []
      : [[option, split(option, text)] as const],
  )
  return Object.fromEntries(listed.filter(([, list]) => list.length > 0))
}

/** A filter for a jail that reads files. @throws Refused where it cannot be read. */
export function openFilter(tree: Tree, name: string, options: Record<string, string>): Definition {
  const use = {
    reference: { name, options: new Map(Object.entries(options)) },
    context: new Map(),
    preset: new Map([['logtype', 'file']]),
  }
  const opened = openDefinition(tree, 'filter.d', use)
  if (!opened.ok) throw new Refused(opened.problem.message)
  return opened.definition
}

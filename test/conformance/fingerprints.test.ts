import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../packages/conf/src/configuration.ts'
import type { Layer, Tree } from '../../packages/conf/src/include.ts'
import { merge } from '../../packages/conf/src/merge.ts'
import { formatProblem } from '../../packages/conf/src/problem.ts'
import { filterSettings, jailCommands, openFilter, type Command } from '../../packages/conf/src/stream.ts'
import { debianPackage, PACKAGE } from '../fail2ban/package.ts'
import { problemsOf } from './finder.ts'
import { filesIn, readTree } from './run.ts'
import { stockFilters } from './stock.ts'

const CORPUS = process.env['WARDER_CORPUS'] ?? ''
const path = join(CORPUS, 'fail2ban-debian-1.0.2-config-fingerprints.jsonl')

interface Print {
  kind: 'filter' | 'jail'
  filter?: string
  jail?: string
  options?: Record<string, string>
  settings: unknown
}

const fingerprint = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** Our value in the notation of the expected one: hashed where that is a fingerprint. */
function alike(ours: unknown, wanted: unknown, folder: string): unknown {
  if (Array.isArray(ours))
    return ours.map((value, index) => alike(value, Array.isArray(wanted) ? wanted[index] : null, folder))
  const isPrint = typeof wanted === 'object' && wanted !== null && 'fp' in wanted
  return isPrint && typeof ours === 'string'
    ? { fp: fingerprint(ours.replaceAll(folder, '<confdir>').replaceAll('/etc/fail2ban', '<confdir>')) }
    : ours
}

/** Jails that open ports for what they find, which a firewall that bans cannot stand in for. */
const OPENING = ['pass2allow-ftp']

const debian = debianPackage()
const prints = existsSync(path)
  ? readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Print)
  : []

/** The settings of a filter as fingerprints. */
const ours = (tree: Tree, { filter = '', options = {} }: Print): Record<string, string[]> => {
  const settings = Object.entries(filterSettings(openFilter(tree, filter, options)))
  return Object.fromEntries(settings.map(([name, list]) => [name, list.map(fingerprint)]))
}

/** What a jail comes to when it is switched on, as the recorded streams write it. */
function commandsOf(tree: Tree, jail: string): readonly Command[] {
  const merged = merge(tree.filesOf('jail').files)
  const section = merged.sections.get(jail)
  if (section === undefined) throw new Error(`no jail ${jail}`)
  const options = new Map([...section.options, ['enabled', { text: 'true', file: 'test', line: 1 }]])
  const sections = new Map([...merged.sections, [jail, { ...section, options }]])
  const commands = jailCommands(tree, { ...merged, sections }, { name: jail, version: '1.0.2' })
  return commands
    .filter(([verb]) => verb !== 'start')
    .map(([verb, ...rest]) => (verb === 'multi-set' ? rest : [verb, ...rest]))
}

describe("the files of Debian's package, expanded", () => {
  if (debian === null) {
    it.skip('load and compile (skipped: the package cannot be downloaded here)')
    return
  }
  const folder = join(debian, PACKAGE.config)
  const tree = readTree(folder)
  const enabled = [...merge(tree.filesOf('jail').files).sections.keys()]
    .filter((name) => name !== 'INCLUDES')
    .map((name) => `[${name}]\nenabled = true\n`)
  const switched: Layer = { name: 'all', files: new Map([['jail.local', enabled.join('')]]) }
  const { jails, problems } = readConfiguration([
    { name: folder, files: filesIn(folder), isForeign: true },
    switched,
  ])

  it(`load: ${jails.length} of ${enabled.length} jails`, () => {
    const errors = problems.filter(({ severity }) => severity === 'error')
    const strays = errors.filter(({ jail = '' }) => !OPENING.includes(jail))
    expect(strays.map(formatProblem)).toEqual([])
    expect(jails).toHaveLength(enabled.length - OPENING.length)
  })

  const filters = stockFilters(debian)
  const wrong = filters.flatMap((name) => problemsOf(filterSettings(openFilter(tree, name, {}))))
  it(`compile: ${filters.length - wrong.length} of ${filters.length} filters`, () => {
    expect(wrong).toEqual([])
  })

  if (prints.length === 0) {
    it.skip('have the recorded fingerprints (skipped: needs the corpus)')
    return
  }
  const filterPrints = prints.filter(({ kind }) => kind === 'filter')
  const strayFilters = filterPrints.filter((print) => !isDeepStrictEqual(ours(tree, print), print.settings))
  const isCounted = (all: number, strays: number): string => `${all - strays} of ${all}`
  it(`have the recorded fingerprints: ${isCounted(filterPrints.length, strayFilters.length)} uses of filters`, () => {
    expect(strayFilters.map(({ filter, options }) => [filter, options])).toEqual([])
  })

  const jailPrints = prints.filter(({ kind }) => kind === 'jail')
  const strayJails = jailPrints.filter(({ jail = '', settings }) => {
    const wanted = (settings as Command[]).filter(([, name]) => name !== 'addlogpath')
    const found = commandsOf(tree, jail).map((command, index) => alike(command, wanted[index], folder))
    return !isDeepStrictEqual(found, wanted)
  })
  it(`have the recorded fingerprints: ${isCounted(jailPrints.length, strayJails.length)} jails`, () => {
    expect(strayJails.map(({ jail }) => jail)).toEqual([])
  })
})

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Tree } from './include.ts'
import { merge } from './merge.ts'
import { filterSettings, jailCommands, openFilter, type Command } from './stream.ts'

const CORPUS = process.env['WARDER_CORPUS'] ?? ''
/** `etc/fail2ban` of Debian 12's package, unpacked. */
const CONFIG = process.env['WARDER_FAIL2BAN_CONFIG'] ?? ''
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
function alike(ours: unknown, wanted: unknown): unknown {
  if (Array.isArray(ours))
    return ours.map((value, index) => alike(value, Array.isArray(wanted) ? wanted[index] : null))
  const isPrint = typeof wanted === 'object' && wanted !== null && 'fp' in wanted
  return isPrint && typeof ours === 'string'
    ? { fp: fingerprint(ours.replaceAll('/etc/fail2ban', '<confdir>')) }
    : ours
}

function readTree(): Tree {
  const entries = readdirSync(CONFIG, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const paths = entries.map((entry) => join(entry.parentPath, entry.name))
  const files = new Map(paths.map((file) => [file.slice(CONFIG.length + 1), readFileSync(file, 'utf8')]))
  return new Tree([{ name: CONFIG, files }])
}

describe("the files of Debian's package, expanded", () => {
  if (!existsSync(path) || !existsSync(join(CONFIG, 'filter.d'))) {
    it.skip('have the recorded fingerprints (skipped: needs the corpus and WARDER_FAIL2BAN_CONFIG)')
    return
  }
  const tree = readTree()
  const merged = merge(tree.filesOf('jail').files)
  const prints = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): Print => JSON.parse(line))
  const filters = prints.filter(({ kind }) => kind === 'filter')
  const jails = prints.filter(({ kind }) => kind === 'jail')

  it.each(filters)('filter $filter $options', ({ filter, options, settings }) => {
    const ours = Object.entries(filterSettings(openFilter(tree, filter ?? '', options ?? {})))
    expect(Object.fromEntries(ours.map(([name, list]) => [name, list.map(fingerprint)]))).toEqual(settings)
  })

  it.each(jails)('jail $jail', ({ jail = '', settings }) => {
    const section = merged.sections.get(jail)
    if (section === undefined) throw new Error('no such jail')
    const options = new Map([...section.options, ['enabled', { text: 'true', file: 'test', line: 1 }]])
    const sections = new Map([...merged.sections, [jail, { ...section, options }]])
    const commands = jailCommands(tree, { ...merged, sections }, { name: jail, version: '1.0.2' })
    const wanted = (settings as Command[]).filter(([, name]) => name !== 'addlogpath')
    const ours = commands
      .filter(([verb]) => verb !== 'start')
      .map(([verb, ...rest]) => (verb === 'multi-set' ? rest : [verb, ...rest]))
    expect(ours.map((command, index) => alike(command, wanted[index]))).toEqual(wanted)
  })
})

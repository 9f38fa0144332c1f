import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DateReader } from './date/detect.ts'
import type { ZoneOffset } from './date/parse.ts'
import { readDatepattern } from './date/pattern.ts'
import { compileFilter } from './filter/compile.ts'
import { makeMatcher } from './filter/match.ts'
import { contains, parseTarget } from './ip/cidr.ts'
import { parseDuration } from './time/duration.ts'

const FOLDER = process.env['WARDER_CORPUS'] ?? ''
const FILE = join(FOLDER, 'fail2ban-semantics-visible.jsonl')

/** The clock and zone of the corpus: 2005-08-14 12:00:00 in Zurich. */
const NOW = 1_124_013_600_000
const zones = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Zurich', timeZoneName: 'longOffset' })
const zurich: ZoneOffset = (at) => {
  const name = zones.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? ''
  const found = /GMT\+(\d\d):(\d\d)/.exec(name)
  return found === null ? 0 : Number(found[1]) * 60 + Number(found[2])
}

type DateResult = readonly [before: string, date: string, after: string, seconds: number | null]
type LineResult = readonly { readonly id: string; readonly ip?: string }[]

/** A case of the corpus; each kind has some of these. */
interface Case {
  readonly id: string
  readonly kind: string
  readonly in: {
    readonly text: string
    readonly list: readonly string[]
    readonly ip: string
    readonly lines: readonly string[]
    readonly datepattern: string | null
    readonly logtimezone: string | null
    readonly filter: { readonly failregex: readonly string[] }
  }
  readonly expect: {
    readonly error?: string
    readonly seconds: number
    readonly family: string | null
    readonly text: string
    readonly ignored: boolean
    readonly results: readonly (DateResult | LineResult)[]
  }
}

/** What the original does and we do not: several lines read together, and a list of dates that lacks the free ones. */
const NOT_OURS = ['lines-020', 'date-026']

const cases: readonly Case[] = existsSync(FILE)
  ? readFileSync(FILE, 'utf8')
      .trim()
      .split('\n')
      .map((line): Case => JSON.parse(line))
      .filter((one) => !NOT_OURS.includes(one.id))
  : []
const ofKind = (kind: string): readonly [string, Case][] =>
  cases.filter((one) => one.kind === kind).map((one) => [one.id, one])

describe.skipIf(cases.length === 0)(
  'fail2ban does the same (skipped where the shared corpus is absent)',
  () => {
    it.each(ofKind('time'))('duration %s', (_, one) => {
      expect(parseDuration(one.in.text)).toBe(one.expect.error === undefined ? one.expect.seconds : null)
    })

    it.each(ofKind('ip'))('address %s', (_, one) => {
      const [address] = (parseTarget(one.in.text) ?? '').split('/')
      expect(address).toBe(one.expect.family === null ? '' : one.expect.text.split('/')[0])
    })

    it.each(ofKind('ignore'))('ignoreip %s', (_, one) => {
      const isIgnored = one.in.list.some((entry) => contains(entry, one.in.ip))
      expect(isIgnored).toBe(one.expect.ignored)
    })

    it.each(ofKind('date').filter(([, one]) => one.in.logtimezone === null))('dates %s', (_, one) => {
      const read = readDatepattern(one.in.datepattern ?? undefined)
      if (!read.ok) throw new Error(read.problems.join('\n'))
      const reader = new DateReader(read.forms, zurich)
      for (const [index, line] of one.in.lines.entries()) {
        const [before, , after, seconds] = one.expect.results[index]
        expect(reader.cut(line, NOW)).toBe(`${before}${after}\n`)
        if (seconds !== null) expect(reader.at(NOW) ?? NOW).toBe(Math.round(seconds * 1_000 - 0.4))
      }
    })

    it.each(ofKind('lines'))('lines %s', (_, one) => {
      const compiled = compileFilter({
        name: one.id,
        ignoreregex: [],
        maxlines: 1,
        journalmatch: [],
        ...one.in.filter,
      })
      if (one.expect.error !== undefined) {
        expect(compiled.ok).toBe(false)
        return
      }
      if (!compiled.ok) throw new Error(compiled.problems.join('\n'))
      const match = makeMatcher(compiled.filter, zurich)
      for (const [index, text] of one.in.lines.entries()) {
        const [failure] = one.expect.results[index] as LineResult
        const expected = failure === undefined ? null : parseTarget(failure.ip ?? failure.id)
        expect(match({ source: '/f', text, readAt: NOW }, NOW)?.ip ?? null, text).toBe(expected)
      }
    })
  },
)

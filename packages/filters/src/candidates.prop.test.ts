import { compileFilter, journalLine, makeMatcher, type CompiledFilter, type LogLine } from '@warder/core'
import { readConfiguration } from '@warder/conf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSamples } from './corpus.ts'
import { shippedFiles, shippedNames } from './shipped.ts'

const NOW = Date.UTC(2026, 10, 20, 12)

function filterOf(name: string, options = ''): CompiledFilter {
  const local = new Map([['jail.local', `[${name}]\nfilter = ${name}[${options}]\n`]])
  const { jails } = readConfiguration([
    { name: 'shipped', files: shippedFiles() },
    { name: 'trial', files: local },
  ])
  const definition = jails.find((jail) => jail.name === name)
  if (definition === undefined) throw new Error(`${name} is broken`)
  const compiled = compileFilter(definition.filter)
  if (!compiled.ok) throw new Error(compiled.problems.join('; '))
  return compiled.filter
}

/** Whether a source that looks for what a filter needs in the line as it was written gives the line. */
function isGiven({ needed }: CompiledFilter, { text }: LogLine): boolean {
  const holdsOne = (beside: readonly string[] | null): boolean =>
    beside?.some((other) => text.includes(other)) ?? true
  return needed?.some((needle) => text.includes(needle.text) && holdsOne(needle.beside)) ?? true
}

/** A filter whose texts stand around the date, so that they are whole only once it is cut out. */
function around(failregex: string, datepattern?: string): CompiledFilter {
  const more = datepattern === undefined ? {} : { datepattern }
  const definition = {
    name: 'around',
    failregex: [failregex],
    ignoreregex: [],
    maxlines: 1,
    journalmatch: [],
  }
  const compiled = compileFilter({ ...definition, ...more })
  if (!compiled.ok) throw new Error(compiled.problems.join('; '))
  return compiled.filter
}

const FILTERS: readonly (readonly [name: string, filter: CompiledFilter])[] = [
  ...shippedNames().map((name) => [name, filterOf(name)] as const),
  ['sshd aggressive', filterOf('sshd', 'mode=aggressive')],
  ['access', around('^<HOST> - - \\[\\] "GET /wp-login')],
  ['middle', around('^login failed from <HOST>')],
  ['own dates', around('^login failed from <HOST>', 'at=%H:%M:%S')],
]

const SAMPLES: readonly LogLine[] = shippedNames().flatMap((name) =>
  readSamples(name).flatMap(({ from, text }): LogLine[] => {
    const line = from === 'journal' ? journalLine(JSON.parse(text), NOW) : null
    return from === 'file' ? [{ source: '/log', text, readAt: NOW }] : line === null ? [] : [line]
  }),
)

const DATES = [
  '2026-11-20T11:59:30.123+00:00',
  'Nov 20 11:59:31',
  '20/Nov/2026:11:59:32 +0000',
  '11-10-2026 11:59:33',
  '10-13-2026 11:59:33',
  '2026-02-30 11:59:34',
  '11:59:35',
  'at=11:59:36',
  '@0000000000000000ffffffff',
]

const date = fc.constantFrom(...DATES)
const TEXTS = ['login failed from 192.0.2.1', '192.0.2.7 - - [] "GET /wp-login.php HTTP/1.1" 404', 'nothing']

/** Samples, some with a piece cut out, a date put in, letters changed, or no date of their own. */
const line: fc.Arbitrary<LogLine> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...SAMPLES),
      fc.constantFrom(...TEXTS).map((text): LogLine => ({ source: '/log', text, readAt: NOW })),
    ),
    fc.constantFrom('as it is', 'cut', 'dated', 'led', 'upper'),
    fc.double({ min: 0, max: 1, noNaN: true }),
    date,
  )
  .map(([sample, change, where, when]) => {
    const at = Math.floor(where * Math.min(sample.text.length, 60))
    const { text } = sample
    const [before, after] = [text.slice(0, at), text.slice(at)]
    if (change === 'cut') return { ...sample, text: before + after.slice(3) }
    if (change === 'dated') return { ...sample, text: before + when + after }
    if (change === 'led') return { ...sample, text: `${when} ${text}` }
    if (change === 'upper') return { ...sample, text: before + after.toUpperCase() }
    return sample
  })

describe('lines that are passed over', () => {
  it('are told from others by the filters that are on by default, in all their modes', () => {
    const usual = FILTERS.filter(([name]) => /^(?:sshd|proxmox|warder)/.test(name))
    expect(usual.length).toBeGreaterThan(3)
    expect(usual.filter(([, filter]) => filter.candidates === null).map(([name]) => name)).toEqual([])
  })

  it.each(FILTERS)('change nothing of what %s finds', (_, filter) => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
        const quick = makeMatcher(filter)
        const thorough = makeMatcher({ ...filter, candidates: null })
        for (const one of lines) {
          const found = thorough(one, NOW)
          expect(quick(one, NOW)).toEqual(found)
          if (found !== null) expect(isGiven(filter, one), one.text).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('change nothing of any sample', () => {
    for (const [, filter] of FILTERS) {
      const quick = makeMatcher(filter)
      const thorough = makeMatcher({ ...filter, candidates: null })
      for (const one of SAMPLES) {
        const found = thorough(one, NOW)
        expect(quick(one, NOW)).toEqual(found)
        if (found !== null) expect(isGiven(filter, one), one.text).toBe(true)
      }
    }
  })
})

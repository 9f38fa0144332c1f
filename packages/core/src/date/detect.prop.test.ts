import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AsciiLine } from '../line/line.ts'
import { DateReader } from './detect.ts'
import { UTC } from './parse.ts'
import { readDatepattern } from './pattern.ts'
import { defaultForms } from './template.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const DAY = 86_400_000
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ')
const two = (value: number): string => String(value).padStart(2, '0')

/** Ways to write a moment, one for each form of a date that says all of it. */
const WAYS: readonly ((date: Date) => string)[] = [
  (date) => date.toISOString().replace(/\.\d+/, ''),
  (date) => date.toISOString().slice(0, 19).replace('T', ' '),
  (date) => date.toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/'),
  (date) =>
    `${dayOf(date)} ${monthOf(date)} ${two(date.getUTCDate())} ${timeOf(date)} ${date.getUTCFullYear()}`,
  (date) => `${monthOf(date)} ${date.getUTCDate()} ${date.getUTCFullYear()} ${timeOf(date)}`,
  (date) =>
    `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}/${date.getUTCFullYear()} ${timeOf(date)}`,
  (date) => `${two(date.getUTCDate())}/${monthOf(date)}/${date.getUTCFullYear()}:${timeOf(date)} +0000`,
  (date) =>
    `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${date.getUTCFullYear()}:${timeOf(date)}`,
  (date) => String(date.getTime() / 1000),
  (date) => `[${date.getTime() / 1000}]`,
  (date) => date.toISOString().slice(0, 19).replaceAll(/[-:]/g, ''),
]
const monthOf = (date: Date): string => MONTHS[date.getUTCMonth()] ?? ''
const dayOf = (date: Date): string => DAYS[date.getUTCDay()] ?? ''
const timeOf = (date: Date): string => date.toISOString().slice(11, 19)

const inBytes = (line: string): AsciiLine => {
  const ended = `${line}\n`
  // Something else stands before it and behind it, as in a block.
  return { ended, bytes: new TextEncoder().encode(`before\n${ended}behind\n`), start: 7 }
}

describe('dates at random', () => {
  it('have the time that they name, in whichever form', () => {
    const moment = fc.integer({ min: Date.UTC(2001, 8, 9, 2) / 1000, max: NOW / 1000 })
    fc.assert(
      fc.property(moment, fc.constantFrom(...WAYS), (seconds, way) => {
        const reader = new DateReader(defaultForms(), UTC)
        reader.cut(`${way(new Date(seconds * 1000))} x`, NOW)
        expect(reader.at(NOW)).toBe(seconds * 1000)
      }),
      { numRuns: 2_000 },
    )
  })

  it('have the same time behind others as by themselves', () => {
    const withoutYear = (date: Date): string =>
      `${monthOf(date)} ${String(date.getUTCDate()).padStart(2)} ${timeOf(date)}`
    // Around now, a day ahead of it, and a year before both.
    const middle = fc.constantFrom(0, DAY, -365 * DAY, -364 * DAY)
    const moment = fc.tuple(middle, fc.integer({ min: -90, max: 90 }))
    fc.assert(
      fc.property(
        fc.array(moment, { minLength: 2, maxLength: 6 }),
        fc.constantFrom(...WAYS, withoutYear, timeOf),
        (moments, way) => {
          const reader = new DateReader(defaultForms(), UTC)
          for (const [from, seconds] of moments) {
            const line = `${way(new Date(NOW + from + seconds * 1000))} x`
            const alone = new DateReader(defaultForms(), UTC)
            reader.cut(line, NOW)
            alone.cut(line, NOW)
            expect(reader.at(NOW)).toBe(alone.at(NOW))
          }
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('are the same where they repeat, with another second or fraction, as for who looks for each anew', () => {
    const withoutYear = (date: Date): string =>
      `${monthOf(date)} ${String(date.getUTCDate()).padStart(2)} ${timeOf(date)}`
    const withFraction = (date: Date): string => date.toISOString().replace('Z', '+00:00')
    const rest = fc.constantFrom(' x', ': x', ' 2026 x', '7 x', '+01 x', ' 61 x', '', ' [1] 09:44:53')
    const step = fc.tuple(fc.constantFrom(0, 1_000, 1_010, 7_003, 61_000, -2_000, DAY), rest)
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 2, maxLength: 8 }),
        fc.integer({ min: -90, max: 90 }),
        fc.constantFrom(...WAYS, withoutYear, withFraction, timeOf),
        (steps, from, way) => {
          const quick = new DateReader(defaultForms(), UTC)
          const slow = new DateReader(defaultForms(), UTC)
          let at = NOW + from * 1_000
          for (const [ms, text] of steps) {
            at += ms
            const line = `${way(new Date(at))}${text}`
            expect(quick.cutRepeated(inBytes(line)) ?? quick.cut(line, NOW)).toBe(slow.cut(line, NOW))
            expect(quick.at(NOW)).toBe(slow.at(NOW))
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })

  const unit = fc.constantFrom(
    ...'0123456789:-/.T Z+[]@,',
    'Nov',
    'Fri',
    'AM',
    'é',
    '٣',
    '\u{1f600}',
    '2026-11-20 ',
  )

  it('may be any text: a date is found or not, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit, maxLength: 24 }), { maxLength: 5 }), (lines) => {
        const reader = new DateReader(defaultForms(), UTC)
        for (const line of lines) {
          expect(reader.cut(line, NOW)).toMatch(/^(?:[^]*\n)?$/)
          const at = reader.at(NOW)
          expect(at === null || Number.isFinite(at)).toBe(true)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('may be looked for by any pattern: it is used or refused in words', () => {
    const part = fc.constantFrom(
      '%Y',
      '%m',
      '%d',
      '%H',
      '%M',
      '%z',
      '%Exy',
      '%',
      '{DATE}',
      '{^LN-BEG}',
      '**',
      '(',
      ')',
      '^',
      'EPOCH',
      '-',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.string({ unit, maxLength: 24 }), (parts, line) => {
        const read = readDatepattern(parts.join(''))
        if (!read.ok) expect(read.problems.join('')).not.toBe('')
        else expect(new DateReader(read.forms, UTC).cut(line, NOW)).toMatch(/^(?:[^]*\n)?$/)
      }),
      { numRuns: 300 },
    )
  })
})

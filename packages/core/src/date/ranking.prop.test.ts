import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Ranking, type Found } from './ranking.ts'
import { defaultForms } from './template.ts'

const date = fc.constantFrom(
  '[27/Nov/2026:22:00:00 +0000]',
  '[27/Nov/2026:22:00:01 +0000]',
  '27/Nov/2026:22:00:01',
  '2026-11-27 22:00:02',
  '2026-11-27T22:00:02.5Z',
  'Nov 27 22:00:03',
  'Fri Nov 27 22:00:03 2026',
  '11/27/2026:22:00:03',
  '27/11/2026 22:00:03',
  '22:00:04',
  '1795816804',
  '20261127T220004',
  '+0100 Fri Nov 27 22:00:03 2026',
  'audit(1795816804.123:7)',
)
const filler = fc.constantFrom(
  '192.0.2.7 - - ',
  '2001:db8::1 - - ',
  ' "GET / HTTP/1.1" 404 153',
  'a',
  ' ',
  ': ',
  'é ',
  '',
)
const line = fc
  .array(fc.oneof({ weight: 2, arbitrary: filler }, date), { maxLength: 6 })
  .map((parts) => parts.join(''))

const shown = (found: Found | null): unknown =>
  found === null ? null : [found.form.name, found.match.index, found.match[0], found.start, found.end]

it('what is asked together never changes which date is chosen', () => {
  const forms = defaultForms()
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const quick = new Ranking(forms)
      const thorough = new Ranking(forms, null)
      for (const each of lines) {
        const wide = each.includes('é')
        expect(shown(quick.find(each, wide)), each).toEqual(shown(thorough.find(each, wide)))
      }
    }),
    { numRuns: 300 },
  )
})

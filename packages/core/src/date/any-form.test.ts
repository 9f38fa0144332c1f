import { describe, expect, it } from 'vitest'
import { AnyForm } from './any-form.ts'
import { defaultForms, makeForm } from './template.ts'

const LINES = [
  'nothing here',
  '192.0.2.7 - - [27/Nov/2026:22:00:00 +0000] "GET / HTTP/1.1" 404 153',
  'at Nov 20 09:44:53 and 2026-11-20 09:44:53',
  'type=A msg=audit(1795167893.250:77): x',
  'züge 2026-11-20 09:44:53',
  '@4000000042ff0e2f1a2b3c4d x',
  '20261120T094453',
  '',
]

describe('all forms of dates at once', () => {
  it.each(LINES)('begin where the first of them begins: %j', (line) => {
    const forms = defaultForms().filter(({ anchored }) => !anchored)
    for (const wide of [false, true]) {
      const each = forms.map((form) => form.regex(wide).exec(line)?.index ?? Infinity)
      expect(new AnyForm(forms).firstIn(line, wide)).toBe(Math.min(...each))
    }
  })

  it.each(LINES)('are told not to begin up to a place only where none does: %j', (line) => {
    const forms = defaultForms().filter(({ anchored }) => !anchored)
    const any = new AnyForm(forms)
    for (let place = 0; place < line.length + 2; place++)
      if (!any.mayBeginBy(line, false, place)) expect(any.firstIn(line, false)).toBeGreaterThan(place)
    expect(any.mayBeginBy(line, false, 0) && any.firstIn(line, false) > 16).toBe(false)
  })

  it('are nowhere when there are none', () => {
    expect(new AnyForm([]).firstIn('2026-11-20 09:44:53', false)).toBe(Infinity)
  })

  it('may have brackets that are no groups', () => {
    const forms = [makeForm('\\(%H:%M\\)'), makeForm('[(]%H[)]')]
    expect(new AnyForm(forms).firstIn('ab (12:30)', false)).toBe(3)
    expect(new AnyForm(forms).firstIn('abc (12)', false)).toBe(4)
  })
})

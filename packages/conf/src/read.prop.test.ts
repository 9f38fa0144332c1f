import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readIni } from './read.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/)
/** A line of a value that no rule of the language changes. */
const line = fc
  .string({ unit: fc.constantFrom(...'ab1 %<>()[]^$\\"\'#=:é'), minLength: 1, maxLength: 12 })
  .map((text) => `x${text}`.trim())
const sections = fc.uniqueArray(
  fc.record({
    name,
    options: fc.uniqueArray(fc.record({ name, lines: fc.array(line, { minLength: 1, maxLength: 3 }) }), {
      selector: (option) => option.name,
      maxLength: 4,
    }),
  }),
  { selector: (section) => section.name, maxLength: 4 },
)

describe('a configuration file', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(sections, (written) => {
        const text = written
          .map(({ name: header, options }) =>
            [`[${header}]`, ...options.map((option) => `${option.name} = ${option.lines.join('\n  ')}`)].join(
              '\n',
            ),
          )
          .join('\n')
        const file = readIni('x.conf', text)
        expect(file.sections.flatMap(({ faults }) => faults)).toEqual([])
        expect(
          file.sections.map((section) => [
            section.name,
            [...section.options].map(([key, value]) => [key, value.text]),
          ]),
        ).toEqual(
          written.map((section) => [
            section.name,
            section.options.map((option) => [option.name, option.lines.join('\n')]),
          ]),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('may be any text at all: it is read or told to be wrong, and never thrown at', () => {
    const unit = fc.constantFrom(...'[]=:;#%\n\r\t ab\0é\u2028', '\ufeff', '[a]\n', '\n  ')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        const { sections: read, faults } = readIni('x.conf', text)
        expect(Array.isArray(read) && Array.isArray(faults)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})

import { describe, expect, it } from 'vitest'
import { collect } from '../../tools/messages/collect.ts'
import { CATALOGUE_CODES, faultsIn, missingIn, readEntries, unusedIn } from '../../tools/messages/compare.ts'
import type { Message } from '../../tools/messages/collect.ts'

const { messages, faults } = collect()

describe('the texts of the dashboard', () => {
  it('are said by t() and its like, where they stand, and not once for ever', () => {
    expect(messages.length).toBeGreaterThan(500)
    expect(faults).toEqual([])
  })

  describe.each(CATALOGUE_CODES)('in %s', (code) => {
    const entries = readEntries(code)
    // A language that was only just added has none yet, and is English until then.
    it.skipIf(Object.keys(entries).length === 0)('are all there', () =>
      expect(missingIn(entries, messages)).toEqual([]),
    )
    it('are none that nothing says', () => expect(unusedIn(entries, messages)).toEqual([]))
    it('have their places and their plural forms', () =>
      expect(faultsIn(code, entries, messages)).toEqual([]))
  })
})

describe('what is found wrong in a catalogue', () => {
  const message = (key: string, one: string | null = null): Message => ({ key, one, files: [] })
  const BANS = message('{count} bans', '{count} ban')

  it.each([
    ['nothing', message('Ban {ip}'), '{ip} sperren', []],
    ['a place that is missing', message('Ban {ip}'), 'Sperren', [/lacks \{ip\}/]],
    ['a place that nobody fills', message('Ban'), '{ip} sperren', [/knows no \{ip\}/]],
    ['a mark that is missing', message('Read <a>it</a>'), 'Lies es', [/lacks <\/a>/, /lacks <a>/]],
    ['no text', message('Ban'), ' ', [/is empty/]],
    ['a remark', message('Ban|verb'), 'Sperren|Verb', [/has a bar/]],
    ['forms where nothing counts', message('Ban'), { one: 'a', other: 'b' }, [/takes one text/]],
    ['no forms where something counts', BANS, 'Sperren', [/takes the forms one, other/]],
    ['a form too few', BANS, { other: '{count} Sperren' }, [/lacks the form “one”/]],
    [
      'a form too many',
      BANS,
      { one: '{count} Sperre', many: 'x {count}', other: '{count} Sperren' },
      [/“many”/],
    ],
    ['no number, which may be a word', BANS, { one: 'eine Sperre', other: '{count} Sperren' }, []],
  ])('%s', (_what, one, entry, expected) => {
    const found = faultsIn('de', { [one.key]: entry }, [one])
    expect(found).toHaveLength(expected.length)
    expected.forEach((pattern, at) => expect(found[at]).toMatch(pattern))
  })

  it('what is missing and what is too much', () => {
    expect(missingIn({}, [BANS])).toEqual(['{count} bans'])
    expect(unusedIn({ Old: 'Alt' }, [BANS])).toEqual(['Old'])
  })
})

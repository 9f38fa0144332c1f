import { describe, expect, it } from 'vitest'
import { isTooWide, readList } from './read-list.ts'

describe('a text of addresses', () => {
  it.each([
    [
      'one in a line',
      '192.0.2.1\n2001:db8::1\r\n198.51.100.0/24',
      ['192.0.2.1', '2001:db8::1', '198.51.100.0/24'],
    ],
    ['between blanks, commas and bars', '192.0.2.1 192.0.2.2,192.0.2.3|192.0.2.4\t192.0.2.5', 5],
    ['with remarks', '# bad\n192.0.2.1 # him\n192.0.2.2 ; her ; SBL1\n// no\n\n', ['192.0.2.1', '192.0.2.2']],
    ['in quotes and brackets', '"192.0.2.1", [2001:db8::1]', ['192.0.2.1', '2001:db8::1']],
    ['in any spelling', '2001:DB8:0::1 192.0.2.77/24', ['2001:db8::1', '192.0.2.0/24']],
    ['with a mark at its beginning', '\uFEFF192.0.2.1', ['192.0.2.1']],
    ['empty', '', []],
  ])('is read %s', (_, text, wanted) => {
    const { targets, bad } = readList(text, 'words')
    expect(bad).toBe(0)
    if (typeof wanted === 'number') expect(targets).toHaveLength(wanted)
    else expect(targets).toEqual(wanted)
  })

  it('counts what comes again and what is no address, with its line', () => {
    expect(readList('192.0.2.1\nexample.org\n192.0.2.1 300.0.0.1', 'words')).toEqual({
      targets: ['192.0.2.1'],
      duplicates: 1,
      bad: 2,
      misread: [
        { line: 2, text: 'example.org' },
        { line: 3, text: '300.0.0.1' },
      ],
    })
  })

  it('of columns counts by the first', () => {
    expect(readList('ip,country\n192.0.2.1,DE\n"192.0.2.2","FR",10.0.0.1', 'column')).toEqual({
      targets: ['192.0.2.1', '192.0.2.2'],
      duplicates: 0,
      bad: 1,
      misread: [{ line: 1, text: 'ip' }],
    })
  })

  it('shows a bounded part of nonsense', () => {
    const { bad, misread } = readList(`${'x'.repeat(5_000)}\n`.repeat(500), 'words')
    expect(bad).toBe(500)
    expect(misread).toHaveLength(100)
    expect(misread[0]?.text).toHaveLength(60)
  })
})

it.each([
  ['192.0.2.1', false],
  ['10.0.0.0/8', false],
  ['0.0.0.0/0', true],
  ['128.0.0.0/7', true],
  ['2001::/16', false],
  ['::/0', true],
  ['2000::/3', true],
])('%s is too wide for a list: %s', (target, tooWide) => expect(isTooWide(target)).toBe(tooWide))

import { describe, expect, it } from 'vitest'
import { readIni, type IniFile } from './read.ts'

const plain = ({ sections }: IniFile): unknown =>
  sections.map(({ name, options }) => [
    name,
    Object.fromEntries([...options].map(([option, { text }]) => [option, text])),
  ])

const faults = (file: IniFile): string[] =>
  [...file.faults, ...file.sections.flatMap((section) => section.faults)].map(
    ({ line, message }) => `${line}: ${message}`,
  )

describe('readIni', () => {
  it.each([
    [
      'takes = and :, and names in any case',
      '[J]\nA = 1\nb: 2\nMaxRetry=3',
      [['J', { a: '1', b: '2', maxretry: '3' }]],
    ],
    ['ends a name at the first of them', '[j]\na = b: c = d', [['j', { a: 'b: c = d' }]]],
    ['joins deeper lines', '[j]\na = 1\n  2\n   3\nb = 4', [['j', { a: '1\n2\n3', b: '4' }]]],
    ['joins a value that begins on the next line', '[j]\na =\n  1\n  2', [['j', { a: '\n1\n2' }]]],
    ['keeps blank lines inside a value', '[j]\na = 1\n\n  2\n\n\nb = 3', [['j', { a: '1\n\n2', b: '3' }]]],
    ['drops comments inside a value', '[j]\na = 1\n# c\n  ; d\n  2', [['j', { a: '1\n2' }]]],
    [
      'ends a value at a blank and ;',
      '[j]\na = 1 ; c\nb = 1;2\nc = 1 # 2',
      [['j', { a: '1', b: '1;2', c: '1 # 2' }]],
    ],
    ['reads a deeper [header] as part of a value', '[j]\na = 1\n  [k]', [['j', { a: '1\n[k]' }]]],
    ['begins anew at the same depth', '[j]\n  a = 1\n  b = 2', [['j', { a: '1', b: '2' }]]],
    ['lets values be empty', '[j]\na =\nb = 1', [['j', { a: '', b: '1' }]]],
    ['reads over what follows a header', '[j] x\na = 1', [['j', { a: '1' }]]],
    [
      'takes every kind of line end, and a byte order mark',
      '\uFEFF[j]\r\na = 1\rb = 2\n',
      [['j', { a: '1', b: '2' }]],
    ],
    [
      'lets [DEFAULT] come twice',
      '[DEFAULT]\na = 1\n[j]\n[DEFAULT]\nb = 2',
      [
        ['DEFAULT', { a: '1' }],
        ['j', {}],
        ['DEFAULT', { b: '2' }],
      ],
    ],
  ])('%s', (_, text, expected) => {
    const file = readIni('x.conf', text)
    expect(plain(file)).toEqual(expected)
    expect(faults(file)).toEqual([])
  })

  it.each([
    ['a section twice', '[j]\na = 1\n[j]', ['3: section [j] is there twice in this file']],
    ['an option twice', '[j]\na = 1\nA = 2', ['3: option a is there twice in [j]']],
    [
      'an option twice in [DEFAULT] in two places',
      '[DEFAULT]\na = 1\n[j]\n[DEFAULT]\na = 2',
      ['5: option a is there twice in [DEFAULT]'],
    ],
    ['a line that is nothing', '[j]\nwhat', ["2: 'what' is neither a [section] nor an option = value"]],
    ['a value without a name', '[j]\n= 1', ["2: '= 1' is neither a [section] nor an option = value"]],
    ['an option before any section', 'a = 1\n[j]\nb = 2', ["1: 'a = 1' stands before the first [section]"]],
  ])('finds %s, with its line', (_, text, expected) => {
    expect(faults(readIni('x.conf', text))).toEqual(expected)
  })

  it('goes on after a fault', () => {
    expect(plain(readIni('x.conf', 'junk\n[j]\nwhat\na = 1'))).toEqual([['j', { a: '1' }]])
  })

  it('knows where each value was written', () => {
    const [section] = readIni('jail.local', '# c\n[j]\n\na = 1\n  2\nb = 3').sections
    expect([...(section?.options.values() ?? [])].map(({ file, line }) => `${file}:${line}`)).toEqual([
      'jail.local:4',
      'jail.local:6',
    ])
  })
})

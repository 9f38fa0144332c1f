import { LINE_LIMIT } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { LineSplitter } from './split.ts'

const cut = (...chunks: readonly (string | Buffer)[]) => {
  const splitter = new LineSplitter()
  const lines = chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk)))
  return { lines, pending: splitter.pending, last: splitter.flush() }
}

describe('cutting bytes into lines', () => {
  it.each([
    ['whole lines', ['a\nb\n'], ['a', 'b'], 0, null],
    ['a line in pieces', ['a', 'b', 'c\nd'], ['abc'], 1, 'd'],
    ['an empty line', ['\n\n'], ['', ''], 0, null],
    ['the line ends of Windows', ['a\r\nb\r', '\nc\rd\n'], ['a', 'b', 'c\rd'], 0, null],
    ['the same twice', ['ä\r\r', '\nb\r\r\n\r\r\n'], ['ä', 'b', ''], 0, null],
    ['nothing', [''], [], 0, null],
  ])('%s', (_, chunks, lines, pending, last) => {
    expect(cut(...chunks)).toEqual({ lines, pending, last })
  })

  it('joins a character that two chunks share', () => {
    const bytes = Buffer.from('zürich\n')
    expect(cut(bytes.subarray(0, 2), bytes.subarray(2)).lines).toEqual(['zürich'])
  })

  it('replaces what is not UTF-8', () => {
    expect(cut(Buffer.from([0x61, 0xff, 0x62, 0x0a])).lines).toEqual(['a\u{fffd}b'])
  })

  it('drops what goes beyond the limit, up to the next newline', () => {
    const long = 'x'.repeat(LINE_LIMIT)
    expect(cut(`${long}yyy\nnext\n`).lines).toEqual([long, 'next'])
    const pieces = cut(long.slice(0, 9_000), long, long, 'tail\nnext\n')
    expect(pieces.lines).toEqual([long, 'next'])
  })

  it('counts dropped bytes as pending, since the line has not ended', () => {
    expect(cut('x'.repeat(3 * LINE_LIMIT)).pending).toBe(3 * LINE_LIMIT)
  })
})

describe('plain text and other', () => {
  const pieces = [
    'plain\n',
    '\r\n',
    'with return\r\n',
    '\n',
    'ü\n',
    'no\rend\n',
    'x'.repeat(40),
    '\xff\n',
    'é\r\n',
    '\0\n',
  ]
  it('is cut alike, however it comes in', () => {
    for (let seed = 1; seed < 400; seed++) {
      const text = Array.from({ length: 6 }, (_, at) => pieces[(seed * 7 ** at) % pieces.length] ?? '').join(
        '',
      )
      const bytes = Buffer.from(`${text}\n`, seed % 2 === 0 ? 'latin1' : 'utf8')
      const bit = new LineSplitter(20)
      const byteByByte = [...bytes].flatMap((byte) => bit.push(Buffer.from([byte])))
      const whole = new LineSplitter(20)
      const place = 1 + (seed % (bytes.length - 1))
      expect([...whole.push(bytes.subarray(0, place)), ...whole.push(bytes.subarray(place))]).toEqual(
        byteByByte,
      )
      expect(whole.pending).toBe(0)
    }
  })
})

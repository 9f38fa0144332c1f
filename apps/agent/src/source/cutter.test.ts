import { LINE_LIMIT } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { LineCutter } from './cutter.ts'

const ROOM = 40_000

/** Reads pieces as a file would be read, as many bytes at a time as there is room. */
function read(...pieces: readonly (string | Buffer)[]) {
  const cutter = new LineCutter()
  const taken: string[] = []
  for (const piece of pieces.map((each) => Buffer.from(each))) {
    for (let at = 0; at < piece.length; at += ROOM) {
      const count = piece.copy(cutter.room(ROOM), 0, at)
      taken.push(cutter.take(count)?.toString('latin1') ?? '')
    }
  }
  return { text: taken.join(''), pending: cutter.pending, last: cutter.flush()?.toString('latin1') ?? null }
}

describe('taking whole lines off what is read', () => {
  it.each([
    ['whole lines', ['a\nb\n'], 'a\nb\n', 0, null],
    ['a line in pieces', ['a', 'b', 'c\nd'], 'abc\n', 1, 'd\n'],
    ['empty lines', ['\n\n'], '\n\n', 0, null],
    ['a piece that ends with its line', ['a\n', 'b\n'], 'a\nb\n', 0, null],
    ['lines and the beginning of one, twice', ['a\nb', 'c\nd', '\n'], 'a\nbc\nd\n', 0, null],
  ])('%s', (_, pieces, text, pending, last) => {
    expect(read(...pieces)).toEqual({ text, pending, last })
  })

  it('drops what goes beyond the limit of a line that does not end, up to its newline', () => {
    const long = 'x'.repeat(LINE_LIMIT)
    expect(read(long, long, long, 'tail\nnext\nlast').text).toBe(`${long}\nnext\n`)
    expect(read(long.slice(0, 9_000), `${long}${long}`, 'yy\nnext\n').text).toBe(`${long}\nnext\n`)
  })

  it('counts dropped bytes as pending, since the line has not ended', () => {
    expect(read('x'.repeat(3 * LINE_LIMIT)).pending).toBe(3 * LINE_LIMIT)
    expect(read(`a\n${'x'.repeat(2 * LINE_LIMIT)}`)).toMatchObject({
      pending: 2 * LINE_LIMIT,
      last: `${'x'.repeat(LINE_LIMIT)}\n`,
    })
  })

  it('keeps what has not ended when there is another room', () => {
    const cutter = new LineCutter()
    cutter.take(Buffer.from('a\nbc').copy(cutter.room(100)))
    cutter.take(Buffer.from('d').copy(cutter.room(50)))
    expect(cutter.take(Buffer.from('e\n').copy(cutter.room(200)))?.toString()).toBe('bcde\n')
  })

  it('leaves the lines that were taken off last alone while more is read, also where they are all of a line', () => {
    const cutter = new LineCutter()
    cutter.take(Buffer.from('a\nbc').copy(cutter.room(50)))
    const lines = cutter.take(Buffer.from('d\nef').copy(cutter.room(50)))
    const count = Buffer.from('g\nh').copy(cutter.room(50))
    expect(lines?.toString()).toBe('bcd\n')
    expect(cutter.take(count)?.toString()).toBe('efg\n')
  })
})

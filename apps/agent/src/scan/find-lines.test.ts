import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findLines } from './find-lines.ts'
import { SOURCE_DIGEST } from './find-lines.wasm.ts'
import { windowOf } from './needles.ts'

/** The same by looking at every line. */
function slowly(bytes: Buffer, texts: readonly string[]) {
  const places: number[] = []
  let lines = 0
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start)
    if (texts.some((text) => bytes.subarray(start, end).includes(text))) places.push(start, end)
    lines++
    start = end + 1
  }
  return { lines, places }
}

function quickly(bytes: Buffer, texts: readonly string[]) {
  const { lines, places } = findLines(bytes, texts)
  return { lines, places: [...places] }
}

describe('finding lines that hold a text', () => {
  it.each([
    ['none', 'a\nb\n', ['failed'], { lines: 2, places: [] }],
    ['at the start', 'failed\n', ['failed'], { lines: 1, places: [0, 6] }],
    ['at the end of a line', 'a failed\nb\n', ['failed'], { lines: 2, places: [0, 8] }],
    [
      'several in a line, told once',
      'failed failed no\nb\n',
      ['failed', 'no'],
      { lines: 2, places: [0, 16] },
    ],
    ['over the end of a line: none', 'fai\nled\n', ['failed'], { lines: 2, places: [] }],
    ['empty lines', '\n\n\nfailed\n\n', ['failed'], { lines: 5, places: [3, 9] }],
    ['other letters of the same halves', 'gailed\nFAILED\n', ['failed'], { lines: 2, places: [] }],
    ['text of several bytes', 'ungültig\n', ['ültig'], { lines: 1, places: [0, 9] }],
    ['nothing', '', ['failed'], { lines: 0, places: [] }],
  ])('%s', (_, text, texts, found) => {
    expect(quickly(Buffer.from(text), texts)).toEqual(found)
  })

  it('finds no more and no less than who looks at every line', () => {
    const word = fc.constantFrom(
      'fail',
      'failed',
      'login',
      'from',
      'a',
      'ü',
      '\0',
      ' ',
      ': ',
      '\n',
      '\n\n',
      '\r\n',
      'x'.repeat(40),
    )
    const text = fc.constantFrom(
      'failed',
      'failed from',
      'login',
      'ogi',
      'ü: ü',
      ' a ',
      'x'.repeat(30),
      'fro',
    )
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 200 }),
        fc.array(text, { minLength: 1, maxLength: 20 }),
        (words, texts) => {
          const bytes = Buffer.from(`${words.join('')}\n`)
          expect(quickly(bytes, texts)).toEqual(slowly(bytes, texts))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('finds very many lines, and in blocks of any size after each other', () => {
    const many = Buffer.from('failed\nno\n'.repeat(30_000))
    expect(quickly(many, ['failed'])).toEqual(slowly(many, ['failed']))
    expect(quickly(Buffer.from('no\n'), ['failed'])).toEqual({ lines: 1, places: [] })
  })

  it('is made from the source that lies beside it', () => {
    const source = readFileSync(join(import.meta.dirname, '..', '..', 'wasm', 'find-lines.ts'))
    expect(createHash('sha256').update(source).digest('hex')).toBe(SOURCE_DIGEST)
  })
})

describe('what of a text is looked for first', () => {
  it.each([
    ['authentication failure; rhost=', 20],
    ['abc', 0],
    ['Failed password', 0],
    ['       Q', 5],
  ])('%j: from %d', (text, at) => {
    expect(windowOf(Buffer.from(text))).toBe(at)
  })
})

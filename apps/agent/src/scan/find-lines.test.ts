import { isAscii } from 'node:buffer'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Needle } from '@warder/core'
import { findLines } from './find-lines.ts'
import { SOURCE_DIGEST } from './find-lines.wasm.ts'
import { pairOf, windowOf } from './needles.ts'

/** The same by looking at every line. */
function slowly(bytes: Buffer, needles: readonly Needle[]) {
  const places: number[] = []
  let lines = 0
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start)
    const line = bytes.subarray(start, end)
    const isBeside = ({ beside }: Needle): boolean => beside?.some((text) => line.includes(text)) ?? true
    if (needles.some((needle) => line.includes(needle.text) && isBeside(needle))) places.push(start, end)
    lines++
    start = end + 1
  }
  return { lines, places, isAscii: isAscii(bytes) }
}

/** Texts with nothing beside them. */
const alone = (texts: readonly string[]): readonly Needle[] => texts.map((text) => ({ text, beside: null }))

function quickly(bytes: Buffer, needles: readonly Needle[]) {
  const { lines, places, isAscii: isAllAscii } = findLines(bytes, needles)
  return { lines, places: [...places], isAscii: isAllAscii }
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
    expect(quickly(Buffer.from(text), alone(texts))).toMatchObject(found)
  })

  it.each([
    ['one text, by two of its bytes', ['failed']],
    ['two texts', ['failed', 'login']],
    ['more, by three bytes of each', ['failed', 'login', 'refused']],
  ])('sees on the way whether all is ASCII: %s', (_, texts) => {
    for (let length = 0; length < 200; length++) {
      const plain = `${'x'.repeat(length)} failed ${'y'.repeat(200 - length)}\n`
      for (const [text, isPlain] of [
        [plain, true],
        [`${plain.slice(0, 150)}ü${plain.slice(150)}`, false],
        [`${plain}${'z'.repeat(length)}\u{1f600}\n`, false],
      ] as const)
        expect(findLines(Buffer.from(text), alone(texts)).isAscii).toBe(isPlain)
    }
  })

  it.each([
    ['in front of it', 'user failed\n', ['user'], 1],
    ['behind it', 'failed user\n', ['user'], 1],
    ['at both ends of a longer line', `user ${'x'.repeat(50)} failed ${'x'.repeat(50)} port\n`, ['port'], 1],
    ['one of several', 'failed port\n', ['user', 'port'], 1],
    ['in it', 'failed\n', ['ail'], 1],
    ['in the lines around only: none', 'user\nfailed\nuser\n', ['user'], 0],
    ['over the end of the line: none', 'failed us\ner\n', ['user'], 0],
    ['nowhere: none', 'failed use\n', ['user', 'port'], 0],
    ['one of too many to be looked for', 'failed\n', ['aa', 'bb', 'cc', 'dd', 'ee', 'ff'], 1],
    ['by the beginning of a long one', `failed ${'y'.repeat(40)}\n`, ['y'.repeat(99)], 1],
    ['at another text', 'failed port login user\n', ['user'], 1],
  ])('finds a text with another beside it: %s', (_, text, beside, count) => {
    expect(quickly(Buffer.from(text), [{ text: 'failed', beside }]).places).toHaveLength(2 * count)
  })

  it.each([3, 15, 16, 17, 31, 32, 33, 48, 199])('compares texts of %i characters to their end', (length) => {
    const text = Array.from({ length }, (_, at) => String.fromCharCode(97 + (at % 26))).join('')
    const places = Array.from({ length: 40 }, (_, before) => {
      const lines = [text, `${text.slice(0, -1)}!`, `!${text.slice(1)}`, text.slice(1), `${text}.`]
      const block = Buffer.from(`${lines.map((line) => '-'.repeat(before) + line).join('\n')}\n`)
      return [quickly(block, alone([text])), slowly(block, alone([text]))]
    })
    for (const [quick, slow] of places) expect(quick).toEqual(slow)
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
        fc.array(fc.record({ text, beside: fc.option(fc.array(text, { minLength: 1, maxLength: 5 })) }), {
          minLength: 1,
          maxLength: 20,
        }),
        (words, needles) => {
          const bytes = Buffer.from(`${words.join('')}\n`)
          expect(quickly(bytes, needles)).toEqual(slowly(bytes, needles))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('finds very many lines, and in blocks of any size after each other', () => {
    const many = Buffer.from('failed\nno\n'.repeat(30_000))
    expect(quickly(many, alone(['failed']))).toEqual(slowly(many, alone(['failed'])))
    expect(quickly(Buffer.from('no\n'), alone(['failed']))).toEqual({
      lines: 1,
      places: [],
      isAscii: true,
    })
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

  it.each([
    ['authentication ', [1, 3]],
    ['abc', [1, 2]],
    ['Failed ', [0, 3]],
    [`Q${'a'.repeat(20)}Z`, [0, 1]],
  ])('%j: two bytes, at %j', (text, places) => {
    expect(pairOf(Buffer.from(text))).toEqual(places)
  })
})

import { LINE_LIMIT, type LogLine } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { LineBlock } from './block.ts'

const ORIGIN = { source: '/var/log/x', readAt: 1_795_176_000_000, live: true }
const blockOf = (bytes: string | Buffer) => new LineBlock(Buffer.from(bytes), ORIGIN)
const textsOf = (bytes: string | Buffer) => Array.from(blockOf(bytes), ({ text }) => text)

/** Takes the lines that hold a text; `see` is called while each is at hand. */
function walk(bytes: string, text: string, see: (line: LogLine) => unknown) {
  const { count, line, passed } = blockOf(bytes).having([{ text, beside: null }])
  const seen: unknown[] = []
  for (let index = 0; index < count; index++) {
    const found = line(index)
    if (found !== undefined) seen.push(see(found))
  }
  return { seen, passed }
}

describe('a block of lines', () => {
  it.each([
    ['lines', 'a\nb\n', ['a', 'b']],
    ['empty lines', '\n\n', ['', '']],
    ['the line ends of Windows', 'a\r\n\r\nc\rd\n', ['a', '', 'c\rd']],
    ['the same twice', 'a\r\r\nä\r\r\n\r\r\n', ['a', 'ä', '']],
    ['characters of several bytes', 'zürich\n', ['zürich']],
    ['what is not UTF-8', Buffer.from([0x61, 0xff, 0x62, 0x0a]), ['a\u{fffd}b']],
    ['NUL', 'a\0b\n', ['a\0b']],
    ['no more of a line than the limit', `${'x'.repeat(LINE_LIMIT + 9)}\ny\n`, ['x'.repeat(LINE_LIMIT), 'y']],
  ])('gives %s', (_, bytes, texts) => {
    expect(textsOf(bytes)).toEqual(texts)
  })

  it('says of each line where it comes from, and whether it is plain', () => {
    expect([...blockOf('a\n')][0]).toMatchObject({ ...ORIGIN, text: 'a', isAscii: true })
    expect(Array.from(blockOf('a\nä\n'), ({ isAscii }) => isAscii)).toEqual([true, false])
  })

  it('gives the lines that hold a text, then how many it left out and the last of them', () => {
    expect(walk('one\nfailed a\ntwo\nfailed b\nthree\nfour\n', 'failed', ({ text }) => text)).toEqual({
      seen: ['failed a', 'failed b'],
      passed: { lines: 4, last: 'three\nfour', readAt: ORIGIN.readAt },
    })
    expect(walk('one\nfailed\n', 'failed', ({ text }) => text)).toEqual({
      seen: ['failed'],
      passed: { lines: 1, last: '', readAt: ORIGIN.readAt },
    })
  })

  it('shows what stands in front of a line and was left out, whole lines only and not too many', () => {
    expect(
      walk('one\ntwo\nfailed\nfailed\nthree\nfailed\n', 'failed', (line) => line.before?.()).seen,
    ).toEqual(['one\ntwo', '', 'three'])
    const [before] = walk(`${'x'.repeat(99)}\n`.repeat(100) + 'failed\n', 'failed', (line) =>
      line.before?.(),
    ).seen
    expect(
      String(before)
        .split('\n')
        .every((line) => line === 'x'.repeat(99)),
    ).toBe(true)
    expect(String(before).length).toBeGreaterThan(3_000)
    expect(String(before).length).toBeLessThan(4_100)
  })
})

import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LINE_LIMIT } from '@warder/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lastLines } from './tail.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warder-tail-'))
})
afterAll(() => rm(folder, { recursive: true }))

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`)

async function tailOf(content: string | Buffer, limit: number): Promise<readonly string[]> {
  const path = join(folder, 'a.log')
  await writeFile(path, content)
  return (await lastLines(path, { limit, readAt: 5 })).map(({ text }) => text)
}

describe('the last lines of a file', () => {
  it.each<[string, string | Buffer, number, readonly string[]]>([
    ['of an empty one are none', '', 5, []],
    ['are all where there are fewer', 'a\nb\n', 5, ['a', 'b']],
    ['are the newest where there are more', 'a\nb\nc\n', 2, ['b', 'c']],
    ['count the one that has no end yet', 'a\nb\nc', 2, ['b', 'c']],
    ['may be empty', 'a\n\n\n', 2, ['', '']],
    ['end with either kind of newline', 'a\r\nb\r\n', 5, ['a', 'b']],
    [
      'take bytes that are no text for what they are',
      Buffer.from([0x61, 0xff, 0x00, 0x62, 0x0a]),
      5,
      ['a\ufffd\0b'],
    ],
    ['come across blocks', `${numbered(1, 50_000).join('\n')}\n`, 300, numbered(49_701, 50_000)],
    ['are cut where they are too long', `${'x'.repeat(40_000)}\ny\n`, 5, ['x'.repeat(LINE_LIMIT), 'y']],
    ['reach back a megabyte and no further', `old\n${'x'.repeat(1_100_000)}\nnew\n`, 5, ['new']],
    ['are none in a megabyte without a newline', 'x'.repeat(2_000_000), 5, []],
  ])('%s', async (_, content, limit, lines) => expect(await tailOf(content, limit)).toEqual(lines))

  it('name their source and when they were read', async () => {
    await tailOf('a\n', 1)
    const path = join(folder, 'a.log')
    await appendFile(path, 'b\n')
    expect(await lastLines(path, { limit: 1, readAt: 7 })).toEqual([{ source: path, text: 'b', readAt: 7 }])
  })

  it.each([
    ['it does not exist', () => {}],
    ['it is not a regular file', (path: string) => execFileSync('mkfifo', [path])],
    ['it is not a regular file', (path: string) => execFileSync('mkdir', [path])],
  ])('of what is no log: %s', async (reason, make) => {
    const path = join(folder, `none-${Math.random().toString(36).slice(2)}`)
    make(path)
    await expect(lastLines(path, { limit: 1, readAt: 0 })).rejects.toThrow(`${path}: ${reason}`)
  })
})

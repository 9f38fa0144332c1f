import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Journald, whyNoJournald } from '../source/journald.ts'
import { journalLines, kindOf, linesOf, type Lines } from './lines.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warder-lines-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function textsOf(lines: Lines): Promise<readonly string[]> {
  const texts: string[] = []
  for await (const piece of lines) texts.push(...piece.map(({ text }) => text))
  return texts
}

describe('a word of the command line', () => {
  it.each([
    ['-', 'log'],
    ['/dev/null', 'log'],
    ['/tmp', 'folder'],
    ['/nowhere/at/all', 'missing'],
    ['./nowhere', 'missing'],
    ['nowhere.log', 'missing'],
    ['systemd-journal', 'journal'],
    ['systemd-journal[journalflags=1]', 'journal'],
    ['sshd[7]: Invalid user x from 192.0.2.1', 'line'],
    ['192.0.2.1', 'line'],
    ['/login from 192.0.2.1', 'line'],
  ])('%s is a %s', async (word, kind) => {
    expect(await kindOf(word)).toBe(kind)
  })
})

describe('the lines of a log', () => {
  it.each([
    ['that ends with a line', 'one\r\ntwo\n', ['one', 'two']],
    ['that does not', 'one\n\ntwo', ['one', '', 'two']],
    ['of nothing', '', []],
    ['that is no text', Buffer.from([0x61, 0xff, 0x00, 0x0a]), ['a\ufffd\0']],
    ['of one endless line', 'x'.repeat(100_000), ['x'.repeat(16_384)]],
  ])('%s', async (_, bytes, lines) => {
    const path = join(folder, 'log')
    await writeFile(path, bytes)
    expect(await textsOf(linesOf(path, 0))).toEqual(lines)
    await writeFile(`${path}.gz`, gzipSync(bytes))
    expect(await textsOf(linesOf(`${path}.gz`, 0))).toEqual(lines)
  })

  it('cannot be read where there is none', async () => {
    await expect(textsOf(linesOf(join(folder, 'none'), 0))).rejects.toThrow(/ENOENT/)
    await writeFile(join(folder, 'broken.gz'), 'no gzip')
    await expect(textsOf(linesOf(join(folder, 'broken.gz'), 0))).rejects.toThrow(/header/)
  })
})

const why = whyNoJournald()
describe.skipIf(why !== null)(`the journal${why === null ? '' : ` (skipped: ${why})`}`, () => {
  it('gives the entries that are asked for, from the first one on, and ends', async () => {
    await using journald = await Journald.start()
    journald.log('shop', ['one', 'two'])
    journald.log('till', ['three'])
    const shop = journalLines([[['SYSLOG_IDENTIFIER', 'shop']]], 0, journald.journalctl)
    expect((await textsOf(shop)).map((text) => text.replace(/^\S+ /, ''))).toEqual([
      expect.stringMatching(/^shop\[\d+\]: one$/),
      expect.stringMatching(/^shop\[\d+\]: two$/),
    ])
    expect(await textsOf(journalLines([[['SYSLOG_IDENTIFIER', 'none']]], 0, journald.journalctl))).toEqual([])
  })

  it('is named when it cannot be read', async () => {
    await expect(textsOf(journalLines([], 0, ['/nowhere/journalctl']))).rejects.toThrow(/cannot be run/)
  })
})

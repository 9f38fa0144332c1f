import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from './commands.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warder-trials-'))
  await mkdir(join(folder, 'filter.d'))
  await writeFile(join(folder, 'jail.local'), JAILS)
  await writeFile(join(folder, 'filter.d', 'shop.conf'), FILTER)
  await writeFile(join(folder, 'shop.log'), LOG)
})
afterEach(() => rm(folder, { recursive: true }))

const JAILS =
  '[sshd]\nenabled = false\n[proxmox]\nenabled = false\n[warder]\nenabled = false\n' +
  '[shop]\nenabled = true\nlogpath = /x\nmaxretry = 2\nfindtime = 1m\nbantime = 1m\n'
const FILTER =
  '[INCLUDES]\nbefore = words.conf\n[Definition]\nfailregex = ^ shop: no <F-USER>\\w+</F-USER> from <HOST>$\n  ^ shop: %(word)s <HOST>$\nignoreregex = monitor\n'
const LOG = [
  '2026-08-01T10:00:00Z shop: no alice from 192.0.2.1',
  '2026-08-01T10:00:10Z shop: no monitor from 192.0.2.9',
  '2026-08-01T10:00:20Z shop: hello',
  '2026-08-01T10:00:30Z shop: bad 192.0.2.1',
  '2026-08-01T10:05:00Z shop: bad 192.0.2.2',
  '2026-08-01T10:06:10Z shop: bad 192.0.2.2',
].join('\n')

async function warder(...args: readonly string[]) {
  let [out, err] = ['', '']
  const exit = await runCommand(args, {
    print: (text) => (out += text),
    complain: (text) => (err += text),
    environment: {},
    isTerminal: false,
  })
  const objects = () =>
    out
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
  return { exit, out, err, objects }
}

describe('warder regex', () => {
  beforeEach(() => writeFile(join(folder, 'filter.d', 'words.conf'), '[DEFAULT]\nword = bad\n'))

  it.each([
    ['by name', () => ['shop', '--config', folder]],
    ['by file', () => [join(folder, 'filter.d', 'shop.conf')]],
  ])('tells of each line what a filter given %s makes of it', async (_, how) => {
    const { exit, objects } = await warder('regex', join(folder, 'shop.log'), ...how(), '--json')
    expect(exit).toBe(0)
    const at = Date.parse('2026-08-01T10:00:00Z') / 1_000
    const found = (host: string, time: number, rule: number, more = {}) => ({
      matched: true,
      ignored: false,
      failures: [{ host, id: host, ...more, time, rule }],
    })
    expect(objects()).toEqual([
      { line: 1, ...found('192.0.2.1', at, 0, { user: 'alice' }) },
      { line: 2, matched: false, ignored: true, failures: [] },
      { line: 3, matched: false, ignored: false, failures: [] },
      { line: 4, ...found('192.0.2.1', at + 30, 1) },
      { line: 5, ...found('192.0.2.2', at + 300, 1) },
      { line: 6, ...found('192.0.2.2', at + 370, 1) },
    ])
  })

  it('reports to a person', async () => {
    const { out } = await warder(
      'regex',
      join(folder, 'shop.log'),
      'shop',
      '--config',
      folder,
      '--print-missed',
    )
    expect(out).toContain('missed 3: 2026-08-01T10:00:20Z shop: hello\n')
    expect(out).toContain('2 expressions, 1 that ignore')
    expect(out).toMatch(/192\.0\.2\.1 +2\n/)
    expect(out).toContain('6 lines: 4 matched, 1 ignored, 1 missed\n')
  })

  it('takes an expression and a line, and one that ignores', async () => {
    const line = 'no entry for 192.0.2.5 at all'
    const plain = await warder('regex', line, 'no entry for <HOST>', '--print-matched')
    expect(plain.out).toContain(`matched 1: ${line}\n`)
    const ignored = await warder('regex', line, 'no entry for <HOST>', 'at all', '--json')
    expect(ignored.objects()).toEqual([{ line: 1, matched: false, ignored: true, failures: [] }])
    const dated = await warder(
      'regex',
      '01/02/26 from 192.0.2.5',
      '^ from <HOST>$',
      '--datepattern',
      '^%d/%m/%y',
      '--json',
    )
    expect(dated.objects()).toMatchObject([{ matched: true }])
  })

  it.each([
    ['an expression that is broken', '(<HOST>'],
    ['an expression that captures no address', 'hello'],
  ])('says what is wrong with %s', async (_, expression) => {
    const { exit, out, err } = await warder('regex', 'hello', expression)
    expect([exit, out]).toEqual([1, ''])
    expect(err).toMatch(/^error: filter given: failregex/)
  })

  it('streams a log of any size', async () => {
    await writeFile(join(folder, 'big.log'), `${LOG}\n`.repeat(5_000))
    const { out } = await warder('regex', join(folder, 'big.log'), 'shop', '--config', folder)
    expect(out).toContain('30000 lines: 20000 matched, 5000 ignored, 5000 missed')
  })
})

describe('warder replay', () => {
  beforeEach(() => writeFile(join(folder, 'filter.d', 'words.conf'), '[DEFAULT]\nword = bad\n'))
  const at = (second: number) => Date.parse('2026-08-01T10:00:00Z') / 1_000 + second

  it("bans and lifts on the log's own clock", async () => {
    const { exit, objects } = await warder(
      'replay',
      '--config',
      folder,
      '--log',
      join(folder, 'shop.log'),
      '--json',
    )
    expect(exit).toBe(0)
    const ban = { jail: 'shop', ip: '192.0.2.1', failures: 2, bantime: 60 }
    expect(objects()).toEqual([
      { time: at(30), action: 'ban', ...ban },
      { time: at(90), action: 'unban', ...ban },
    ])
  })

  it('bans longer who comes again, lengthens bans, and counts bans', async () => {
    const grown = `${JAILS}bantime.increment = true\nignorecommand = /nowhere <ip>\n`
    const recidive =
      '[recidive]\nenabled = true\nfilter = recidive\nmaxretry = 2\nfindtime = 1d\nbantime = 1d\n'
    await writeFile(join(folder, 'jail.local'), grown + recidive)
    const log = [0, 1, 10, 11, 300].map((second) => {
      const time = new Date(at(second) * 1_000).toISOString()
      return `${time} shop: bad 192.0.2.1\n${time} shop: bad host.example\n`
    })
    await writeFile(join(folder, 'again.log'), log.join(''))
    const again = join(folder, 'again.log')
    const { objects } = await warder('replay', '--config', folder, '--log', again, '--json')
    const ban = { ip: '192.0.2.1', failures: 2 }
    expect(objects()).toEqual([
      { time: at(1), jail: 'shop', action: 'ban', ...ban, bantime: 60 },
      { time: at(71), jail: 'shop', action: 'unban', ...ban, bantime: 60 },
      { time: at(300), jail: 'shop', action: 'ban', ...ban, bantime: 120 },
      { time: at(300), jail: 'recidive', action: 'ban', ...ban, bantime: 86_400 },
    ])
  })

  it('tells a person, for one jail whether it is enabled or not', async () => {
    await writeFile(join(folder, 'jail.local'), JAILS.replace('enabled = true', 'enabled = false'))
    const none = await warder('replay', '--config', folder, '--log', join(folder, 'shop.log'))
    expect([none.exit, none.err]).toEqual([1, 'No jail is enabled.\n'])
    const { out } = await warder(
      'replay',
      '--config',
      folder,
      '--log',
      join(folder, 'shop.log'),
      '--jail',
      'shop',
    )
    expect(out).toMatch(/^2026-08-01T10:00:30\.000Z {2}shop {2}ban 192\.0\.2\.1 for 1m, 2 failures\n/)
  })

  it.each([
    [['replay'], 2, 'Which log?'],
    [['replay', '--log', '/nowhere/at/all'], 1, 'no file'],
    [['replay', '--log', '/nowhere', '--jail', 'none'], 1, 'There is no jail none'],
  ])('refuses %j', async (args, exit, words) => {
    const result = await warder(...args, '--config', folder)
    expect(result.exit).toBe(exit)
    expect(result.err).toContain(words)
  })
})

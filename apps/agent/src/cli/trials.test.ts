import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
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
    const found = (host: string, time: number, rule: number, user: string | null = null) => ({
      matched: true,
      ignored: false,
      failures: [{ host, id: host, user, time, rule }],
    })
    expect(objects()).toEqual([
      { line: 1, ...found('192.0.2.1', at, 0, 'alice') },
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
    expect(out).toContain('filter shop: 2 expressions, 1 that ignore')
    expect(out).toMatch(/Failregex: 4 total\n.*\n {2}0 +1 .*<F-USER>.*\n {2}1 +3 .* bad <HOST>\$\n/)
    expect(out).toMatch(/Ignoreregex: 1 total\n.*\n {2}0 +1 +monitor\n/)
    expect(out).toMatch(/192\.0\.2\.1 +2\n/)
    expect(out).toMatch(/Date template hits:\n.*\n {2}6 +\^ .*Year-Month-Day/)
    expect(out).toContain('Lines: 6 lines, 1 ignored, 4 matched, 1 missed\n')
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
    ['an expression that captures no address', 'hello you'],
  ])('says what is wrong with %s', async (_, expression) => {
    const { exit, out, err } = await warder('regex', 'hello', expression)
    expect([exit, out]).toEqual([1, ''])
    expect(err).toMatch(/^error: filter given: failregex/)
  })

  it.each([
    ['ssdh', 'error: there is no filter and no jail ssdh\n'],
    ['ssdh[mode=x]', 'error: there is no filter and no jail ssdh\n'],
    ['/nowhere/shop.conf', 'error: there is no file /nowhere/shop.conf\n'],
    ['till.conf', 'error: there is no file till.conf\n'],
  ])('says that there is no %s', async (name, problem) => {
    const { exit, err } = await warder('regex', 'hello', name, '--config', folder)
    expect([exit, err]).toEqual([1, problem])
  })

  it('shows a few missed lines, and all expressions when asked', async () => {
    const { out } = await warder('regex', join(folder, 'shop.log'), 'nothing <HOST>', '-v')
    expect(out).toMatch(/ {2}0 +0 +nothing <HOST>\n/)
    expect(out).toContain('Nothing was found.')
    expect(out).toContain('Missed lines:\n| 2026-08-01T10:00:00Z shop: no alice from 192.0.2.1\n')
  })

  it('takes a name with its ending, and no number of lines that is none', async () => {
    const log = join(folder, 'shop.log')
    const named = await warder('regex', log, 'shop.conf', '--config', folder)
    expect(named.out).toContain('filter shop: 2 expressions')
    const few = await warder('regex', log, 'shop', '--config', folder, '--maxlines', 'few')
    expect([few.exit, few.err]).toEqual([1, 'error: maxlines is not a whole number above 0: few\n'])
  })

  it('takes the filter of a jail, with what the jail says in its place', async () => {
    await writeFile(
      join(folder, 'jail.local'),
      `${JAILS}[till]\nfilter = shop\nfailregex = ^ shop: no <F-USER>\\w+</F-USER> from <HOST>$\nlogpath = /x\n`,
    )
    const { out } = await warder('regex', join(folder, 'shop.log'), 'till', '--config', folder)
    expect(out).toContain('jail till: 1 expression, 1 that ignore')
    expect(out).toContain('1 ignored, 1 matched, 4 missed')
  })

  it('takes an ignoreregex from a file, and a filter.d for the folder around it', async () => {
    const { objects } = await warder(
      'regex',
      ' shop: bad monitor from 192.0.2.1',
      'from <HOST>',
      join(folder, 'filter.d', 'shop.conf'),
      '--json',
    )
    expect(objects()).toEqual([{ line: 1, matched: false, ignored: true, failures: [] }])
    const { out } = await warder(
      'regex',
      join(folder, 'shop.log'),
      'shop',
      '--config',
      join(folder, 'filter.d'),
    )
    expect(out).toContain('4 matched')
  })

  it('names who was captured, whether an address or not, and none as null', async () => {
    const lines = 'from host.example\nfrom 999.1.1.1\nfrom 2001:DB8::1'
    const { objects } = await warder('regex', lines, 'from <HOST>$', '--json')
    const failures = (host: string) => [{ host, id: host, user: null, rule: 0 }]
    expect(objects()).toMatchObject([
      { line: 1, failures: failures('host.example') },
      { line: 2, failures: failures('999.1.1.1') },
      { line: 3, failures: failures('2001:db8::1') },
    ])
  })

  it('passes over remarks and empty lines of a log, also where lines are read together', async () => {
    await writeFile(
      join(folder, 'sample.log'),
      '# what follows is bad\n\nbegin 192.0.2.1\n# and goes on\nend\n',
    )
    const log = join(folder, 'sample.log')
    const { out } = await warder('regex', log, 'begin <HOST>$<SKIPLINES>^end$', '--maxlines', '2')
    expect(out).toContain('Lines: 2 lines, 0 ignored, 1 matched, 1 missed\n')
    const { objects } = await warder('regex', log, 'begin <HOST>$', '--json')
    expect(objects()).toMatchObject([1, 2, 3, 4, 5].map((line) => ({ line, matched: line === 3 })))
  })

  it('reads packed logs, and says so when there is no log', async () => {
    await writeFile(join(folder, 'shop.log.gz'), gzipSync(LOG))
    const packed = await warder('regex', join(folder, 'shop.log.gz'), 'shop', '--config', folder)
    expect(packed.out).toContain('6 lines, 1 ignored, 4 matched')
    const none = await warder('regex', '/nowhere/at-all.log', 'shop', '--config', folder)
    expect([none.exit, none.err]).toEqual([1, '/nowhere/at-all.log is not there.\n'])
    const inside = await warder('regex', folder, 'shop', '--config', folder)
    expect([inside.exit, inside.err]).toEqual([1, `${folder} is a folder, not a log.\n`])
  })

  it('leaves out a line on which an expression goes astray, and names both', async () => {
    const hostile = `${'a'.repeat(60)}! from 192.0.2.1`
    await writeFile(join(folder, 'hostile.log'), `x from 192.0.2.1\n${hostile}\ny from 192.0.2.2\n`)
    const expression = '^(?=(?:a+)+b|x|y).* from <HOST>$'
    const { exit, err, objects } = await warder('regex', join(folder, 'hostile.log'), expression, '--json')
    expect(exit).toBe(0)
    expect(err).toBe(`error: line 2 took too long and is left out: failregex 0 "${expression}"\n`)
    expect(objects().map((object) => (object as { matched: boolean }).matched)).toEqual([true, false, true])
  }, 20_000)

  it('streams a log of any size', async () => {
    await writeFile(join(folder, 'big.log'), `${LOG}\n`.repeat(5_000))
    const { out } = await warder('regex', join(folder, 'big.log'), 'shop', '--config', folder)
    expect(out).toContain('Lines: 30000 lines, 5000 ignored, 20000 matched, 5000 missed')
    expect(out).toContain('--print-missed prints all 5000 of them')
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

  it('counts a ban from its last failure on, and an extended one once', async () => {
    const lines = ['10:00:00', '10:00:10', '10:00:05', '10:01:20', '10:01:21', '10:05:00', '10:05:01']
    const log = lines.map((time) => `2026-08-01T${time}Z shop: bad 192.0.2.1`).join('\n')
    await writeFile(join(folder, 'more.log'), log)
    await writeFile(join(folder, 'jail.local'), JAILS.replace('bantime = 1m', 'bantime = 2m'))
    const { objects } = await warder(
      'replay',
      '--config',
      folder,
      '--log',
      join(folder, 'more.log'),
      '--json',
    )
    const ban = { jail: 'shop', ip: '192.0.2.1', failures: 2, bantime: 120 }
    expect(objects()).toEqual([
      { time: at(10), action: 'ban', ...ban },
      { time: at(201), action: 'unban', ...ban },
      { time: at(301), action: 'ban', ...ban },
    ])
  })

  it('takes a folder with a jail.conf for fail2ban alone: no shipped jail runs beside it', async () => {
    await writeFile(join(folder, 'jail.conf'), JAILS.slice(JAILS.indexOf('[shop]')))
    await rm(join(folder, 'jail.local'))
    const ssh = [1, 2, 3, 4, 5, 6].map(
      (second) =>
        `2026-08-01T10:00:0${second}Z h sshd[7]: Failed password for root from 192.0.2.9 port 22 ssh2\n`,
    )
    await writeFile(join(folder, 'auth.log'), ssh.join(''))
    const fail2ban = await warder('replay', '--config', folder, '--log', join(folder, 'auth.log'))
    expect([fail2ban.exit, fail2ban.out]).toEqual([0, ''])
    await rename(join(folder, 'jail.conf'), join(folder, 'jail.local'))
    const own = await warder('replay', '--config', folder, '--log', join(folder, 'auth.log'))
    expect(own.out).toMatch(/sshd {2}ban 192\.0\.2\.9/)
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

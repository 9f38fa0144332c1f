import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SETTINGS, type Case } from './jails.ts'
import { cpuOf } from './measure.ts'

const SERVER = '/usr/bin/fail2ban-server'
const FILTERS = '/etc/fail2ban/filter.d'
const LONGEST_MS = 600_000

export const hasFail2ban = (): boolean => existsSync(SERVER)

/** Its own configuration in a folder of ours: one jail that notes bans and does nothing else. */
function writeConfiguration(folder: string, log: string, { filter, text }: Case['fail2ban']): void {
  const put = (name: string, content: string): void => writeFileSync(join(folder, name), content)
  mkdirSync(join(folder, 'action.d'))
  const sets = { logtarget: 'server.log', socket: 'server.sock', pidfile: 'server.pid' }
  const places = Object.entries(sets).map(([name, file]) => `${name} = ${join(folder, file)}`)
  put('fail2ban.conf', ['[Definition]', 'loglevel = INFO', 'dbfile = None', ...places, ''].join('\n'))
  const own = Object.entries(SETTINGS).map(([name, value]) => `${name} = ${value}`)
  const jail = ['[bench]', 'enabled = true', 'backend = polling', 'usedns = no', 'action =', ...own]
  put('jail.conf', [...jail, `filter = ${filter}`, `logpath = ${log}`, ''].join('\n'))
  mkdirSync(join(folder, 'filter.d'))
  for (const name of ['common', 'sshd', 'nginx-botsearch', 'botsearch-common', 'nginx-http-auth'])
    put(`filter.d/${name}.conf`, readFileSync(join(FILTERS, `${name}.conf`), 'utf8'))
  if (text !== undefined) put(`filter.d/${filter}.conf`, text)
}

/** Waits until the server's own log tells that it found this address. */
async function untilFound(log: string, address: string): Promise<void> {
  const end = Date.now() + LONGEST_MS
  while (Date.now() < end) {
    if (existsSync(log) && readFileSync(log, 'utf8').includes(`Found ${address}`)) return
    await pause(100)
  }
  throw new Error(`fail2ban has not come to the end of the log within ${LONGEST_MS / 1_000} s`)
}

/** CPU seconds that fail2ban's server takes from its start until the last line, which names an address, is dealt with. */
async function consume(part: Case, content: string, last: { line: string; ip: string }): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'warder-bench-f2b-'))
  const log = join(folder, 'bench.log')
  writeFileSync(log, content)
  appendFileSync(log, `${last.line}\n`)
  writeConfiguration(folder, log, part.fail2ban)
  const server = spawn(SERVER, ['-f', '-c', folder, 'start'], {
    stdio: 'ignore',
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
  })
  const ended = once(server, 'exit')
  try {
    await untilFound(join(folder, 'server.log'), last.ip)
    return cpuOf(server.pid ?? 0)
  } finally {
    server.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

const LAST = '203.0.113.254'

/** A failure of an address of its own at the end, made of the last failure of the log. */
function lastLine(part: Case, lines: readonly string[]): { line: string; ip: string } {
  const wanted = new RegExp(part.ripgrep)
  const failed = lines.findLast((line) => wanted.test(line) && /198\.1[89]\.[0-9]+\.[0-9]+/.test(line))
  if (failed === undefined) throw new Error('the log has no failure')
  return { line: failed.replaceAll(/(?:::ffff:)?198\.1[89]\.[0-9]+\.[0-9]+/g, LAST), ip: LAST }
}

/**
 * CPU seconds of fail2ban's server, with the polling backend, for the first `lines` of a log. What it takes to start
 * and to read one line is taken off.
 */
export async function runFail2ban(part: Case, log: string, lines: number): Promise<number> {
  const slice = readFileSync(log, 'utf8').split('\n', lines)
  const last = lastLine(part, slice)
  const start = await consume(part, '', last)
  return Math.max(0.01, (await consume(part, `${slice.join('\n')}\n`, last)) - start)
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { hasFail2ban } from './fail2ban.ts'
import { median, run } from './measure.ts'
import { unitFlags } from '../../tools/flags.ts'

/** How often is measured. */
export interface MemoryOptions {
  readonly runs: number
  readonly addresses: number
  readonly say: (text: string) => void
}

/** Bytes, medians; null: not measured. */
export interface MemoryFigures {
  readonly idle_rss: number
  /** V8's heap and what is outside of it, without the program itself. */
  readonly idle_own: number
  readonly tracked_rss: number
  readonly tracked_own: number
  readonly fail2ban_idle_rss: number | null
}

interface Held {
  readonly rss: number
  readonly own: number
}

const OWN = join(import.meta.dirname, 'memory-own.ts')
const SERVER = '/usr/bin/fail2ban-server'
const SETTLE_MS = 5_000

function measureOwn(addresses: number): Record<'idle' | 'tracked', Held> {
  const folder = mkdtempSync(join(tmpdir(), 'warder-bench-memory-'))
  try {
    const flags = [...unitFlags(), '--expose-gc', '--disable-warning=ExperimentalWarning']
    const args = [...flags, OWN, folder, String(addresses)]
    return JSON.parse(run({ file: process.execPath, args }).output) as Record<'idle' | 'tracked', Held>
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Resident bytes of fail2ban's server with three jails over empty logs. */
async function measureFail2ban(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'warder-bench-f2b-'))
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  mkdirSync(join(folder, 'action.d'))
  mkdirSync(join(folder, 'filter.d'))
  for (const name of ['common', 'sshd', 'vsftpd', 'nginx-http-auth'])
    put(`filter.d/${name}.conf`, readFileSync(`/etc/fail2ban/filter.d/${name}.conf`, 'utf8'))
  const places = [
    `logtarget = ${folder}/server.log`,
    `socket = ${folder}/s.sock`,
    `pidfile = ${folder}/s.pid`,
  ]
  put('fail2ban.conf', ['[Definition]', 'loglevel = INFO', 'dbfile = None', ...places, ''].join('\n'))
  const jails = ['sshd', 'vsftpd', 'nginx-http-auth'].map((name) => {
    put(`${name}.log`, '')
    return `[${name}]\nenabled = true\nbackend = polling\nusedns = no\naction =\nfilter = ${name}\nlogpath = ${folder}/${name}.log\n`
  })
  put('jail.conf', jails.join(''))
  const server = spawn(SERVER, ['-f', '-c', folder, 'start'], { stdio: 'ignore' })
  const ended = once(server, 'exit')
  try {
    await pause(SETTLE_MS)
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
    return Number(/VmRSS:\s+([0-9]+) kB/.exec(status)?.[1] ?? Number.NaN) * 1_024
  } finally {
    server.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Measures what an agent holds with three jails, idle and with many tracked addresses, beside fail2ban's idle server. */
export async function memory({ runs, addresses, say }: MemoryOptions): Promise<MemoryFigures> {
  const own: Record<'idle' | 'tracked', Held>[] = []
  const fail2ban: number[] = []
  for (let round = 1; round <= runs; round++) {
    say(`run ${round} of ${runs}`)
    own.push(measureOwn(addresses))
    if (hasFail2ban()) fail2ban.push(await measureFail2ban())
  }
  if (fail2ban.length === 0) say('not installed, so not measured: fail2ban')
  return {
    idle_rss: median(own.map(({ idle }) => idle.rss)),
    idle_own: median(own.map(({ idle }) => idle.own)),
    tracked_rss: median(own.map(({ tracked }) => tracked.rss)),
    tracked_own: median(own.map(({ tracked }) => tracked.own)),
    fail2ban_idle_rss: fail2ban.length === 0 ? null : median(fail2ban),
  }
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from '../../../apps/agent/src/control/ask.ts'
import { inRoot } from '../../../tools/root.ts'
import { unitFlags } from '../../../tools/flags.ts'
import { Program, type Banner, type RunningBanner } from './program.ts'

const DAYS = 7
const SERVER = '/usr/bin/fail2ban-server'
const FAIL2BAN = '/etc/fail2ban'
const PYTHON = '/usr/lib/python3/dist-packages'
const SSHGUARD = ['/usr/libexec/sshguard', '/usr/lib/sshguard']
const MAXRETRY = 5
const START_MS = 30_000

export const BUNDLE = inRoot('apps', 'agent', 'dist', 'agent.js')

/** Ours: the built agent with the flags of its service. */
export const warder: Banner = {
  name: 'warder',
  packages: {},
  trouble: () => (existsSync(BUNDLE) ? null : 'npm run build has not made apps/agent/dist'),
  async start({ on, folder, log }) {
    const etc = join(folder, 'etc')
    mkdirSync(etc, { recursive: true })
    const read = log === null ? 'backend = systemd' : `backend = polling\nlogpath = ${log}`
    writeFileSync(
      join(etc, 'jail.local'),
      `[sshd]\nenabled = true\n${read}\nport = all\nmaxretry = ${MAXRETRY}\nfindtime = 1d\nbantime = ${DAYS}d\n` +
        others(folder) +
        `[warder]\nenabled = false\n`,
    )
    const config = join(folder, 'agent.toml')
    writeFileSync(
      config,
      `name = "bench"\nstate_dir = "${folder}/state"\nconfig_dir = "${etc}"\nsocket = "${folder}/agent.sock"\n` +
        `pve_dir = "${folder}/pve"\nfirewall = "nftables"\n` +
        // Who is banned in the restart sends packets, so is a neighbour.
        `filter_local_networks = true\n[log]\nlevel = "error"\nform = "text"\n`,
    )
    const program = new Program(on([...warderCommand(), 'run', '--config', config]), {
      MALLOC_ARENA_MAX: '1',
      NOTIFY_SOCKET: '',
    })
    await untilAnswers(program, `${folder}/agent.sock`)
    return running(
      program,
      (ip) => ['inet', 'warder', ip.includes(':') ? 'v6-sshd' : 'v4-sshd', ip],
      MAXRETRY,
    )
  },
}

/** The interpreter with the flags that the service gives it, and the program. */
const warderCommand = (): readonly string[] => [process.execPath, ...unitFlags(), BUNDLE]

/** Two more jails over logs where nothing happens, as a node has them. */
function others(folder: string): string {
  return ['proxmox', 'nginx-http-auth']
    .map((jail) => {
      const path = join(folder, `${jail}.log`)
      if (!existsSync(path)) writeFileSync(path, '')
      return `[${jail}]\nenabled = true\nbackend = polling\nlogpath = ${path}\n`
    })
    .join('')
}

/** The agent opens its socket before it watches, and answers when it does. */
async function untilAnswers(program: Program, socket: string): Promise<void> {
  const end = Date.now() + 60_000
  while (Date.now() < end) {
    const answer = await ask(socket, { verb: 'status' }).catch(() => null)
    if (answer !== null) return
    if (program.hasEnded) break
    await pause(20)
  }
  throw new Error(`the agent does not answer: ${program.output}`)
}

/** Debian's, with its nftables action; a configuration of its own. */
export const fail2ban: Banner = {
  name: 'fail2ban',
  // What its package recommends, so that it is told of changes and can read the journal.
  packages: {
    fail2ban: SERVER,
    'python3-pyinotify': `${PYTHON}/pyinotify.py`,
    'python3-systemd': `${PYTHON}/systemd`,
  },
  trouble: () => (existsSync(SERVER) ? null : 'not installed'),
  async start({ on, folder, log }) {
    const conf = join(folder, 'f2b')
    for (const part of ['action.d', 'filter.d']) mkdirSync(join(conf, part), { recursive: true })
    const put = (name: string, text: string): void => writeFileSync(join(conf, name), text)
    const copy = (name: string): void => put(name, readFileSync(join(FAIL2BAN, name), 'utf8'))
    for (const name of ['filter.d/common.conf', 'filter.d/sshd.conf', 'action.d/nftables.conf']) copy(name)
    const places = Object.entries({
      logtarget: 'f2b.log',
      socket: 'f2b.sock',
      pidfile: 'f2b.pid',
      dbfile: 'f2b.db',
    })
    put(
      'fail2ban.conf',
      `[Definition]\nloglevel = INFO\n${places.map(([name, file]) => `${name} = ${join(folder, file)}\n`).join('')}`,
    )
    put(
      'jail.conf',
      `[sshd]\nenabled = true\nfilter = sshd[mode=normal]\nport = ssh\nprotocol = tcp\nusedns = no\nmaxretry = ${MAXRETRY}\nfindtime = 1d\nbantime = ${DAYS}d\n` +
        `action = nftables[name=sshd, port="ssh", protocol="tcp"]\n` +
        (log === null ? 'backend = systemd\n' : `backend = auto\nlogpath = ${log}\n`),
    )
    const program = new Program(on([SERVER, '-f', '-c', conf, 'start']))
    await untilIn(join(folder, 'f2b.log'), "Jail 'sshd' started", program)
    return running(program, (ip) => ['inet', 'f2b-table', 'addr-set-sshd', ip], MAXRETRY)
  },
}

/** Debian's chain of programs with its defaults and the nftables backend. */
export const sshguard: Banner = {
  name: 'sshguard',
  packages: { sshguard: '/usr/sbin/sshguard' },
  trouble: () => (libexec() === undefined ? 'not installed' : null),
  async start({ on, folder, log }) {
    const at = libexec() ?? ''
    const allowed = join(folder, 'allowed')
    writeFileSync(allowed, '')
    const source =
      log === null ? 'LANG=C journalctl -afb -p info -n1 -t sshd -o cat' : `"${at}/sshg-logtail" "${log}"`
    const chain = `${source} | "${at}/sshg-parser" | "${at}/sshg-blocker" -a 30 -p 7200 -s 1800 -w "${allowed}" | "${at}/sshg-fw-nft-sets"`
    const program = new Program(on(['setsid', 'sh', '-c', chain]))
    await pause(2_000)
    return {
      ...running(program, (ip) => ['ip', 'sshguard', 'attackers', ip], 3),
      async [Symbol.asyncDispose]() {
        endGroup(program.pid)
        await program[Symbol.asyncDispose]()
      },
    }
  },
}

const libexec = (): string | undefined => SSHGUARD.find((folder) => existsSync(join(folder, 'sshg-blocker')))

/** Ends the programs of a pipe, which are a group of their own. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

async function untilIn(path: string, text: string, program: Program): Promise<void> {
  const end = Date.now() + START_MS
  while (Date.now() < end) {
    if (existsSync(path) && readFileSync(path, 'utf8').includes(text)) return
    if (program.hasEnded) break
    await pause(100)
  }
  throw new Error(`"${text}" is not in ${path}: ${program.output}`)
}

function running(program: Program, set: RunningBanner['set'], maxretry: number): RunningBanner {
  return {
    set,
    maxretry,
    pid: program.pid,
    stop: () => program.end('SIGTERM'),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  }
}

export const BANNERS: readonly Banner[] = [warder, fail2ban, sshguard]

// An agent in a process of its own, with three jails over files and a firewall in memory. Arguments: a folder that is its own.
// Writes what it holds once it has nothing to do, and once a jail tracks many addresses: resident, and V8's own.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { makeLogger, systemClock } from '../../packages/daemon/src/index.ts'
import { makeAgent } from '../../apps/agent/src/agent.ts'
import { toAgentConfig } from '../../apps/agent/src/config/load.ts'
import { MemoryFirewall } from '../../apps/agent/src/firewall/memory.ts'

// As the agent does before anything else.
setFlagsFromString('--enable-experimental-regexp-engine')
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
setFlagsFromString('--regexp-backtracks-before-fallback=20000')

const LINES_EACH = 5
const SETTLE_MS = 3_000

const [folder = '', addresses = '0'] = process.argv.slice(2)
const JAILS = ['sshd', 'proxmox', 'nginx-http-auth'] as const
const etc = join(folder, 'etc')
mkdirSync(etc, { recursive: true })
const pathOf = (jail: string): string => join(folder, `${jail}.log`)
for (const jail of JAILS) writeFileSync(pathOf(jail), '')
const jails = JAILS.map(
  (jail) =>
    `[${jail}]\nenabled = true\nbackend = polling\nlogpath = ${pathOf(jail)}\nmaxretry = 100\nmaxmatches = 5\n`,
)
writeFileSync(join(etc, 'jail.local'), `${jails.join('')}[warder]\nenabled = false\n`)

/** `198.18.0.0/15` and what follows it has room for many. */
const ipOf = (index: number): string => `198.${18 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`

async function held() {
  await pause(SETTLE_MS)
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss, own: heapUsed + external }
}

const agent = makeAgent({
  config: toAgentConfig({
    state_dir: join(folder, 'state'),
    config_dir: etc,
    socket: join(folder, 'agent.sock'),
    pve_dir: folder,
  }),
  clock: systemClock,
  log: makeLogger({ name: 'bench', level: 'error', form: 'text' }),
  firewall: new MemoryFirewall(systemClock),
})
await agent.start()
const idle = await held()
const count = Number(addresses)
const stamp = new Date(systemClock.now()).toISOString()
for (let round = 0; round < LINES_EACH; round++) {
  const lines = Array.from(
    { length: count },
    (_, i) =>
      `${stamp} pve1 sshd[${1_000 + round}]: Failed password for root from ${ipOf(i)} port 4242 ssh2\n`,
  )
  appendFileSync(pathOf('sshd'), lines.join(''))
}
const read = (): number => agent.status().sources.reduce((sum, { matches }) => sum + matches, 0)
while (read() < count * LINES_EACH) await pause(100)
const tracked = await held()
await agent[Symbol.asyncDispose]()
process.stdout.write(`${JSON.stringify({ idle, tracked })}\n`)

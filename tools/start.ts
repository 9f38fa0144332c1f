// The main job on this machine: builds, starts the server and one agent that it enrols by itself, and
// stops both together. All that it keeps lies in var/start of the repository.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { buildQuietly } from './build.ts'
import { inRoot, ROOT } from './root.ts'

const HELP = `npm start [-- OPTIONS]   starts the Warder server and an agent for this machine

  --port N      where the server listens (8008)
  --host ADDR   on which address (all of this machine's; 127.0.0.1 for this machine only)
  --state DIR   where history, keys and settings are kept (var/start)
  --fresh       forget what was kept, start as new
  --help        this text
`

const STOP_LIMIT_MS = 2_500

interface Options {
  readonly port: number
  readonly host: string
  readonly state: string
  readonly fresh: boolean
}

function fail(sentence: string): never {
  process.stderr.write(`warder: ${sentence}\n`)
  process.exit(1)
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '8008' },
        host: { type: 'string', default: '' },
        state: { type: 'string', default: inRoot('var', 'start') },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) {
      process.stdout.write(HELP)
      process.exit(0)
    }
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      fail(`--port takes a number from 1 to 65535, not "${values.port}".`)
    return { port, host: values.host, state: values.state, fresh: values.fresh }
  } catch (err) {
    fail(`${(err as Error).message}\n\n${HELP}`)
  }
}

/** The process that runs here already, if one does. */
function runningHere(pidFile: string): number | null {
  if (!existsSync(pidFile)) return null
  const pid = Number(readFileSync(pidFile, 'utf8'))
  if (!pid || pid === process.pid) return null
  try {
    process.kill(pid, 0)
    // A number can be given to another process after a crash: it must be one of ours.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('start.ts') ? pid : null
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'EPERM' ? pid : null
  }
}

/** Why the port cannot be listened on, or null when it can. */
function portTrouble(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (err: NodeJS.ErrnoException) => resolve(err.code ?? err.message))
    probe.once('listening', () => probe.close(() => resolve(null)))
    probe.listen(port, host || undefined)
  })
}

async function checkPort({ port, host }: Options): Promise<void> {
  const trouble = await portTrouble(port, host)
  if (!trouble) return
  if (trouble === 'EADDRINUSE')
    fail(
      `port ${port} is in use by another program${port === 8008 ? ' (ProxMenux Monitor uses 8008 too)' : ''}. ` +
        `Stop it, or choose another port: npm start -- --port ${port + 1}`,
    )
  if (trouble === 'EACCES') fail(`port ${port} needs root. Choose one above 1023: npm start -- --port 8008`)
  if (trouble === 'EADDRNOTAVAIL')
    fail(`${host} is not an address of this machine. Leave --host away to listen on all.`)
  fail(`port ${port} cannot be used: ${trouble}.`)
}

const toml = (value: string): string => JSON.stringify(value)

interface Places {
  readonly serverToml: string
  readonly agentToml: string
  readonly agentState: string
  readonly socket: string
  readonly authLog: string
}

/** Writes the settings of both, so that they can be looked at; the agent's jails come from `etc`. */
function layOut({ port, host, state }: Options): Places {
  const places: Places = {
    serverToml: `${state}/server.toml`,
    agentToml: `${state}/agent.toml`,
    agentState: `${state}/agent`,
    socket: `${state}/agent.sock`,
    authLog: `${state}/auth.log`,
  }
  for (const folder of [`${state}/server`, places.agentState, `${state}/etc`])
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  const listen = host ? `host = ${toml(host)}\n` : ''
  writeFileSync(
    places.serverToml,
    `port = ${port}\n${listen}data_dir = ${toml(`${state}/server`)}\nauth_log = ${toml(places.authLog)}\n` +
      `web_root = ${toml(inRoot('apps', 'web', 'dist'))}\n[log]\nlevel = "warn"\nform = "text"\n`,
  )
  // The server runs outside of systemd here, so its failed logins are in the file only.
  writeFileSync(
    `${state}/etc/jail.local`,
    `[warder]\nport = ${port}\nbackend = polling\nlogpath = ${places.authLog}\n`,
  )
  return places
}

function writeAgentToml(places: Places, { port, host, state }: Options, join: string | null): void {
  const address =
    !host || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  writeFileSync(
    places.agentToml,
    `server = ${toml(`ws://${address}:${port}`)}\n${join ? `join = ${toml(join)}\n` : ''}` +
      `state_dir = ${toml(places.agentState)}\nconfig_dir = ${toml(`${state}/etc`)}\nsocket = ${toml(places.socket)}\n` +
      `ban_private_networks = false\non_stop = "remove"\n[log]\nlevel = "warn"\nform = "text"\n`,
    { mode: 0o600 },
  )
}

const SERVER = inRoot('apps', 'server', 'src', 'main.ts')
const AGENT = inRoot('apps', 'agent', 'src', 'main.ts')
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning']

function launch(args: readonly string[]): ChildProcess {
  // Its own process group: Ctrl-C reaches this process alone, which then stops both in order.
  return spawn(process.execPath, [...NODE_FLAGS, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
}

function ask(args: readonly string[]): string | null {
  const done = spawnSync(process.execPath, [...NODE_FLAGS, ...args], { cwd: ROOT, encoding: 'utf8' })
  return done.status === 0 ? done.stdout.trim() : null
}

async function untilHealthy({ port, host }: Options, server: ChildProcess): Promise<boolean> {
  const address =
    host && host !== '0.0.0.0' && host !== '::' ? (host.includes(':') ? `[${host}]` : host) : '127.0.0.1'
  for (let tries = 0; tries < 200 && server.exitCode === null; tries++) {
    const answer = await fetch(`http://${address}:${port}/healthz`).catch(() => null)
    if (answer?.ok) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}

interface AgentReport {
  readonly status?: {
    readonly report: { readonly firewall: { readonly reason: string; readonly enforcing: boolean } }
  }
}

/** Waits for the agent's first answer and says in words what it does with bans. */
async function sayFirewall(places: Places, agent: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 50 && agent.exitCode === null; tries++) {
    const answer = ask([AGENT, 'status', '--json', '--socket', places.socket])
    const firewall = answer ? (JSON.parse(answer) as AgentReport).status?.report.firewall : undefined
    if (firewall) {
      process.stdout.write(
        `Firewall:    ${firewall.enforcing ? 'enforcing' : 'DRY RUN, nothing is blocked'}. ${firewall.reason}\n`,
      )
      process.stdout.write(`Commands:    npm run warder -- status\nStop:        Ctrl-C\n`)
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function stop(children: readonly ChildProcess[]): Promise<void> {
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null)
  const ended = running.map((child) => new Promise<void>((resolve) => child.once('exit', () => resolve())))
  for (const child of running) child.kill('SIGTERM')
  const limit = setTimeout(() => running.forEach((child) => child.kill('SIGKILL')), STOP_LIMIT_MS)
  await Promise.all(ended)
  clearTimeout(limit)
}

async function main(): Promise<void> {
  const options = readOptions()
  const pidFile = `${options.state}/pid`
  const other = runningHere(pidFile)
  if (other)
    fail(
      `Warder runs here already (process ${other}). Open its dashboard, or stop it with Ctrl-C in its terminal or: kill ${other}`,
    )
  await checkPort(options)
  if (options.fresh) rmSync(options.state, { recursive: true, force: true })
  const places = layOut(options)
  writeFileSync(pidFile, String(process.pid))

  const children: ChildProcess[] = []
  let ending = false
  const end = async (code: number): Promise<void> => {
    if (ending) return
    ending = true
    // The agent first: its last events still reach the server.
    await stop(children.toReversed())
    rmSync(pidFile, { force: true })
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0))
  const follow = (name: string, child: ChildProcess): void => {
    children.push(child)
    child.once('exit', (code) => {
      if (ending) return
      process.stderr.write(
        `warder: the ${name} ended by itself (${code ?? 'killed'}), so the rest stops too.\n`,
      )
      void end(1)
    })
  }

  if (!(await buildQuietly())) fail('the dashboard could not be built (see above).')
  const server = launch([SERVER, 'run', '--config', places.serverToml])
  follow('server', server)
  if (!(await untilHealthy(options, server))) return end(1)
  // The agent keeps its key: only its first start needs a join code.
  const known = existsSync(`${dirname(places.agentState)}/enrolled`)
  const join = known ? null : ask([SERVER, 'join-code', '--config', places.serverToml])
  writeAgentToml(places, options, join)
  const agent = launch([
    '--max-semi-space-size=1',
    '--optimize-for-size',
    AGENT,
    'run',
    '--config',
    places.agentToml,
  ])
  follow('agent', agent)
  writeFileSync(`${dirname(places.agentState)}/enrolled`, '')
  await sayFirewall(places, agent)
}

await main()

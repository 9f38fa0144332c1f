import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Companion, must, run, until } from './command.ts'
import type { Machine } from './namespace.ts'
import { unitFlags } from '../../tools/flags.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const NODE = [process.execPath, '--disable-warning=ExperimentalWarning']
const SERVER = join(ROOT, 'apps/server/src/main.ts')
const AGENT = join(ROOT, 'apps/agent/src/main.ts')

/** A real server process on a machine of the lab. */
export interface LabServer {
  readonly url: string
  readonly claimCode: string
  readonly process: Companion
  join(): Promise<string>
}

/** Starts `warder-server` on a machine; started again on the same folder it goes on where it was. */
export async function startServer(machine: Machine, folder: string): Promise<LabServer> {
  await mkdir(join(folder, 'data'), { recursive: true })
  const config = join(folder, 'server.toml')
  await writeFile(
    config,
    `port = 8008\nhost = "0.0.0.0"\ndata_dir = "${folder}/data"\nauth_log = "${folder}/auth.log"\n` +
      `web_root = "${join(ROOT, 'apps/web/dist')}"\n[log]\nlevel = "info"\nform = "text"\n`,
  )
  const server = new Companion(machine.on([...NODE, SERVER, 'run', '--config', config]))
  // With the certificate that it makes for itself.
  const url = `https://${machine.address}:8008`
  await until(
    `the server (${server.output})`,
    async () => (await run(machine.on(['curl', '-skf', `${url}/healthz`]))).code === 0,
    20_000,
  )
  return {
    url,
    claimCode: /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(server.output)?.[0] ?? '',
    process: server,
    join: async () => {
      const text = await must(machine.on([...NODE, SERVER, 'join-code', '--config', config]))
      return /warder-join\.\S+/.exec(text)?.[0] ?? ''
    },
  }
}

/** A real agent process on a node of the lab, and its command line. */
export interface LabAgent {
  readonly process: Companion
  cli(...args: readonly string[]): Promise<unknown>
}

/** How an agent of the lab runs. */
export interface AgentOptions {
  readonly server: string
  readonly join?: string
  readonly jails?: string
  /** `pve1` where absent. */
  readonly name?: string
  /** Further lines of agent.toml. */
  readonly settings?: string
  /** Filters of its own, by name. */
  readonly filters?: Readonly<Record<string, string>>
}

/** Starts `warder run` on a node; `join` is needed on its first start only. */
export async function startAgent(node: Machine, folder: string, options: AgentOptions): Promise<LabAgent> {
  await mkdir(join(folder, 'etc'), { recursive: true })
  const config = join(folder, 'agent.toml')
  const socket = join(folder, 'agent.sock')
  await writeFile(
    config,
    `server = "${options.server.replace('http', 'ws')}"\n${options.join ? `join = "${options.join}"\n` : ''}name = "${options.name ?? 'pve1'}"\nfilter_local_networks = true\n${options.settings ?? ''}` +
      `state_dir = "${folder}/state"\nconfig_dir = "${folder}/etc"\nsocket = "${socket}"\n[log]\nlevel = "info"\nform = "text"\n`,
  )
  await writeFile(join(folder, 'etc', 'jail.local'), options.jails ?? '')
  await mkdir(join(folder, 'etc', 'filter.d'), { recursive: true })
  for (const [name, text] of Object.entries(options.filters ?? {}))
    await writeFile(join(folder, 'etc', 'filter.d', `${name}.conf`), text)
  const agent = new Companion(node.on([...NODE, ...unitFlags(), AGENT, 'run', '--config', config]))
  const cli = async (...args: readonly string[]): Promise<unknown> => {
    const done = await run(node.on([...NODE, AGENT, ...args, '--json', '--socket', socket]))
    if (done.code !== 0 && !done.stdout) throw new Error(`warder ${args.join(' ')}: ${done.stderr}`)
    return JSON.parse(done.stdout)
  }
  await until(
    'the agent',
    async () => {
      if (agent.output.includes('EADDR')) throw new Error(agent.output)
      return cli('status').catch(() => null)
    },
    20_000,
  ).catch((err: Error) => {
    throw new Error(`${err.message}\n${agent.output}`)
  })
  return { process: agent, cli }
}

/** What the kernel of a node holds in Warder's table: every single address and prefix. */
export async function inKernel(node: Machine): Promise<readonly string[]> {
  const done = await run(node.on(['nft', '-j', 'list', 'table', 'inet', 'warder']))
  if (done.code !== 0) return []
  const listing = JSON.parse(done.stdout) as { nftables: { set?: { name: string; elem?: unknown[] } }[] }
  return listing.nftables.flatMap(({ set }) =>
    set && !set.name.includes('never') ? (set.elem ?? []).map((element) => elementText(element)) : [],
  )
}

interface Element {
  readonly elem?: { readonly val: unknown }
  readonly prefix?: { readonly addr: string; readonly len: number }
}

function elementText(element: unknown): string {
  if (typeof element === 'string') return element
  const { elem, prefix } = element as Element
  if (elem) return elementText(elem.val)
  return prefix ? `${prefix.addr}/${prefix.len}` : JSON.stringify(element)
}

/** A call of the API with curl, from a machine of the lab. */
export async function callApi(
  machine: Machine,
  url: string,
  options: { method?: string; token: string; body?: unknown },
): Promise<{ status: number; body: unknown }> {
  const body =
    options.body === undefined
      ? []
      : ['-H', 'content-type: application/json', '-d', JSON.stringify(options.body)]
  const text = await must(
    machine.on([
      'curl',
      '-sk',
      '-X',
      options.method ?? 'GET',
      '-H',
      `authorization: Bearer ${options.token}`,
      ...body,
      '-w',
      '\n%{http_code}',
      url,
    ]),
  )
  const at = text.lastIndexOf('\n')
  const content = text.slice(0, at)
  return { status: Number(text.slice(at + 1)), body: content ? JSON.parse(content) : null }
}

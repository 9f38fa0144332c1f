import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must, run } from './command.ts'
import { Network, type Machine } from './namespace.ts'
import { callApi, inKernel, startAgent, startServer, type LabAgent, type LabServer } from './warder.ts'

const FILTER = String.raw`[Definition]
failregex = ^bad login of <F-USER>\S+</F-USER> from <ADDR>$
`

/** A node of the cluster: a machine of its own with an agent that reads one file for each of its jails. */
export class Member {
  readonly name: string
  readonly machine: Machine
  readonly folder: string
  readonly #jails: string
  agent: LabAgent | null = null

  constructor(parts: { name: string; machine: Machine; folder: string; jails: string }) {
    this.name = parts.name
    this.machine = parts.machine
    this.folder = parts.folder
    this.#jails = parts.jails.replaceAll('LOGS', parts.folder)
  }

  /** Failed logins that one of its jails reads. */
  attack(jail: string, ip: string, times: number): Promise<void> {
    return appendFile(join(this.folder, `${jail}.log`), `bad login of root from ${ip}\n`.repeat(times))
  }

  async holds(ip: string): Promise<boolean> {
    return (await inKernel(this.machine)).includes(ip)
  }

  /** Pulls the cable, or puts it back. */
  async plug(isIn: boolean): Promise<void> {
    await must(this.machine.on(['ip', 'link', 'set', 'eth0', isIn ? 'up' : 'down']))
  }

  async start(server: string, pveDir: string, code?: string): Promise<void> {
    this.agent = await startAgent(this.machine, join(this.folder, 'agent'), {
      server,
      ...(code === undefined ? {} : { join: code }),
      name: this.name,
      jails: this.#jails,
      settings: `cluster = "lab"\npve_dir = "${pveDir}"\n`,
      filters: { door: FILTER },
    })
  }

  async cli(...args: readonly string[]): Promise<unknown> {
    return this.agent?.cli(...args)
  }

  /** A command that reads the node's own agent.toml. */
  async warder(...args: readonly string[]): Promise<unknown> {
    return this.agent?.cli(...args, '--config', join(this.folder, 'agent', 'agent.toml'))
  }
}

/** Machines with agents and a server, all with network namespaces of their own; nothing is shared but a folder. */
export interface Cluster {
  readonly server: LabServer
  readonly members: readonly Member[]
  /** What stands for /etc/pve on every node. */
  readonly pveDir: string
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  [Symbol.asyncDispose](): Promise<void>
}

/** Builds a cluster; `jails` is the jail.local of each node, in which LOGS is the folder of its logs. */
export async function openCluster(jails: readonly string[]): Promise<Cluster> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'warder-cluster-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const pveDir = join(folder, 'pve')
  await mkdir(pveDir)
  const network = stack.use(await Network.open())
  const hub = await network.addMachine('hub', [2])
  const server = await startServer(hub, join(folder, 'server'))
  stack.defer(() => server.process[Symbol.asyncDispose]())
  const members: Member[] = []
  for (const [index, text] of jails.entries()) {
    const name = `pve${index + 1}`
    const machine = await network.addMachine(name, [11 + index])
    const member = new Member({ name, machine, folder: join(folder, name), jails: text })
    await mkdir(member.folder)
    for (const [, jail] of text.matchAll(/^\[(\w+)\]$/gm))
      await writeFile(join(member.folder, `${jail}.log`), '')
    stack.defer(() => member.agent?.process[Symbol.asyncDispose]())
    members.push(member)
  }
  await Promise.all(members.map(async (member) => member.start(server.url, pveDir, await server.join())))
  const token = await tokenOf(hub, server, folder)
  const held = stack.move()
  return {
    server,
    members,
    pveDir,
    api: (method, path, body) => callApi(hub, `${server.url}${path}`, { method, token, body }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

/** Claims the server and makes a token, as an operator does. */
async function tokenOf(hub: Machine, server: LabServer, folder: string): Promise<string> {
  const jar = join(folder, 'cookies')
  const post = async (path: string, body: unknown): Promise<string> => {
    const json = ['-H', 'content-type: application/json', '-d', JSON.stringify(body)]
    const done = await run(
      hub.on(['curl', '-sk', '-b', jar, '-c', jar, ...json, `${server.url}/api/v1/${path}`]),
    )
    return done.stdout
  }
  await post('claim', { code: server.claimCode, name: 'ada', password: 'correct horse battery' })
  const { secret } = JSON.parse(await post('tokens', { name: 'lab', scopes: ['admin'] })) as {
    secret: string
  }
  return secret
}

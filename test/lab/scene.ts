import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Visitor } from './attacker.ts'
import { Network, type Machine } from './namespace.ts'
import { startNode, type LabNode } from './node.ts'
import { startAgent, startServer, type LabAgent, type LabServer } from './warder.ts'

/** The usual scene: one node with journald and sshd, one machine for the server, one for attackers (203.0.113.10 to .19). */
export interface Scene {
  readonly folder: string
  readonly node: LabNode
  readonly hub: Machine
  readonly attackers: Machine
  readonly visitor: Visitor
  /** The newest process of each; started again they are others. */
  readonly server: LabServer
  readonly agent: LabAgent
  startServer(): Promise<void>
  startAgent(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Builds the scene: the server runs, the node's agent is enrolled. `jails` is the node's jail.local. */
export async function openScene(jails = ''): Promise<Scene> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'warder-lab-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const network = stack.use(await Network.open())
  const hub = await network.addMachine('hub', [2])
  const attackers = await network.addMachine(
    'foe',
    Array.from({ length: 10 }, (_, index) => 10 + index),
  )
  const node = stack.use(await startNode(await network.addMachine('pve1', [1]), join(folder, 'node')))
  const visitor = await Visitor.on(attackers, folder)
  let server = await startServer(hub, join(folder, 'server'))
  let agent = await startAgent(node, join(folder, 'agent'), {
    server: server.url,
    join: await server.join(),
    jails,
  })
  stack.defer(() => server.process[Symbol.asyncDispose]())
  stack.defer(() => agent.process[Symbol.asyncDispose]())
  const started = stack.move()
  return {
    folder,
    node,
    hub,
    attackers,
    visitor,
    get server() {
      return server
    },
    get agent() {
      return agent
    },
    async startServer() {
      server = await startServer(hub, join(folder, 'server'))
    },
    async startAgent() {
      agent = await startAgent(node, join(folder, 'agent'), { server: server.url, jails })
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

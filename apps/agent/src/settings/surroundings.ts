import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { parseTarget } from '@warder/core'
import type { Clock } from '@warder/daemon'
import type { AgentConfig } from '../config/schema.ts'
import { parseCorosync, parseMembers } from './cluster.ts'
import { attachedNetworks, ownAddresses } from './interfaces.ts'
import { Names } from './names.ts'
import type { Neighbour, Surroundings } from './never.ts'
import { parseRoutes4, parseRoutes6, type Gateway } from './routes.ts'
import { SlowFile } from './slow-file.ts'

const LIMIT_MS = 3_000

/** A host to look up, and what it is called where its addresses are shown. */
interface Host {
  readonly host: string
  readonly of: string
}

/** Looks at what a node has around it: its interfaces and routes, its cluster, the server, the proxies. */
export class Lookout {
  readonly #config: AgentConfig
  readonly #members: SlowFile
  readonly #corosync: SlowFile
  readonly #routes4: SlowFile
  readonly #routes6: SlowFile
  readonly #names: Names

  constructor(config: AgentConfig, clock: Clock) {
    this.#config = config
    this.#members = new SlowFile(join(config.pve_dir, '.members'), clock)
    this.#corosync = new SlowFile(join(config.pve_dir, 'corosync.conf'), clock)
    this.#routes4 = new SlowFile('/proc/net/route', clock)
    this.#routes6 = new SlowFile('/proc/net/ipv6_route', clock)
    this.#names = new Names(clock, (name) => addressesOf(name, clock))
  }

  /** What is around now. What cannot be told in time is as it was last. Never rejects. */
  async look(): Promise<Surroundings> {
    const [members, corosync, routes4, routes6] = await Promise.all(
      [this.#members, this.#corosync, this.#routes4, this.#routes6].map((file) => file.read()),
    )
    const { name, peers } = parseMembers(members ?? '')
    const { server, proxies, cluster } = this.#config
    const rings = [...peers, ...parseCorosync(corosync ?? '')].map(({ host, node }) => ({ host, of: node }))
    const behind = server === undefined ? [] : [new URL(server).hostname.replace(/^\[|\]$/g, '')].map(asHost)
    const before = proxies.map(asHost)
    const names = [...behind, ...before, ...rings].map(({ host }) => host).filter(isName)
    const addresses = await this.#names.look(names)
    const found = (hosts: readonly Host[]): readonly Neighbour[] =>
      hosts.flatMap(({ host, of }) =>
        isName(host)
          ? (addresses.get(host) ?? []).map((target) => ({ target, of }))
          : [of === host ? { target: host } : { target: host, of }],
      )
    const interfaces = networkInterfaces()
    return {
      own: ownAddresses(interfaces),
      members: found(rings),
      gateways: [...parseRoutes4(routes4 ?? ''), ...parseRoutes6(routes6 ?? '')].map(asNeighbour),
      server: found(behind),
      proxies: found(before),
      networks: attachedNetworks(interfaces),
      cluster: cluster ?? name,
    }
  }
}

const isName = (host: string): boolean => parseTarget(host) === null
const asHost = (host: string): Host => ({ host, of: host })
const asNeighbour = (gateway: Gateway): Neighbour => ({ target: gateway.address, of: gateway.interface })

/** The name of the node's cluster; null: it is in none. */
export async function clusterName({ cluster, pve_dir }: AgentConfig, clock: Clock): Promise<string | null> {
  return cluster ?? parseMembers((await new SlowFile(join(pve_dir, '.members'), clock).read()) ?? '').name
}

/** What the node calls itself, short. */
export const hostName = (): string => (hostname().split('.')[0] || 'node').slice(0, 64)

/** The addresses of a host; none when nobody answers in time. Never rejects. */
export async function addressesOf(host: string, clock: Clock): Promise<readonly string[]> {
  const plain = host.replace(/^\[|\]$/g, '')
  if (isIP(plain) !== 0) return [plain]
  const found = await within(clock, lookup(plain, { all: true }))
  return (found ?? []).map(({ address }) => address)
}

/** The result, or null when it fails or takes too long. */
async function within<T>(clock: Clock, result: Promise<T>): Promise<T | null> {
  const late = Promise.withResolvers<null>()
  using _ = clock.after(LIMIT_MS, () => late.resolve(null))
  return Promise.race([result.catch(() => null), late.promise])
}

import { lookup } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '@warder/daemon'
import * as z from 'zod/mini'
import type { AgentConfig } from '../config/schema.ts'
import type { Surroundings } from './never.ts'

const LIMIT_MS = 3_000

/** What Proxmox's cluster file system says of the cluster, as far as it matters. */
const membersFile = z.object({
  cluster: z.optional(z.object({ name: z.string() })),
  nodelist: z.optional(z.record(z.string(), z.object({ ip: z.optional(z.string()) }))),
})

/** The cluster that the node is in; null for a node that is in none, or is no Proxmox host. */
export interface Cluster {
  readonly name: string | null
  /** Addresses of its nodes. */
  readonly nodes: readonly string[]
}

/** `.members` of pmxcfs → the cluster. What is not of that form is no cluster. */
export function parseMembers(text: string): Cluster {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { name: null, nodes: [] }
  }
  const checked = membersFile.safeParse(value)
  if (!checked.success) return { name: null, nodes: [] }
  const nodes = Object.values(checked.data.nodelist ?? {}).flatMap(({ ip }) => (ip === undefined ? [] : [ip]))
  return { name: checked.data.cluster?.name.slice(0, 64) ?? null, nodes }
}

/** Reads the cluster. pmxcfs is a FUSE file system that may hang, so it is not waited for long. */
export async function readCluster(folder: string, clock: Clock): Promise<Cluster> {
  const text = await within(clock, readFile(join(folder, '.members'), 'utf8'))
  return text === null ? { name: null, nodes: [] } : parseMembers(text)
}

/** The node's own addresses, and those of the server and the cluster. */
export async function lookAround(config: AgentConfig, clock: Clock): Promise<Surroundings> {
  const [cluster, server] = await Promise.all([
    readCluster(config.pve_dir, clock),
    config.server === undefined ? [] : addressesOf(new URL(config.server).hostname, clock),
  ])
  const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address))
  return {
    own: own.toSorted(),
    server: server.toSorted(),
    members: cluster.nodes.toSorted(),
    cluster: config.cluster ?? cluster.name,
  }
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

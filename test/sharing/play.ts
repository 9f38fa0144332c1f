import type { JailSettings } from '@warder/core'
import { makeRandom, type Random } from '../bench/random.ts'
import { SimCluster } from './cluster.ts'

const MINUTE = 60_000

/** Something that happens in a cluster. */
export type Happening =
  | { readonly kind: 'fail'; readonly node: number; readonly ip: string; readonly times: number }
  | { readonly kind: 'unban'; readonly ip: string; readonly jail?: string; readonly many?: boolean }
  | { readonly kind: 'unban on'; readonly node: number; readonly ip: string }
  | { readonly kind: 'unban here'; readonly node: number; readonly ip: string }
  | { readonly kind: 'ban'; readonly ip: string }
  | { readonly kind: 'tune'; readonly settings: Partial<JailSettings> }
  | { readonly kind: 'cut' | 'hold' | 'release' | 'restart'; readonly node: number }
  | {
      readonly kind: 'let'
      readonly node: number
      readonly direction: 'up' | 'down'
      readonly frames: number
    }
  | { readonly kind: 'connect' }
  | { readonly kind: 'stop server' | 'start server' }
  | { readonly kind: 'pass'; readonly seconds: number }

/** A cluster, and what happens in it. */
export interface Story {
  /** How far the clock of each node is ahead, in minutes. */
  readonly ahead: readonly number[]
  readonly settings: JailSettings
  readonly happenings: readonly Happening[]
}

const IPS = ['198.51.100.1', '198.51.100.2', '198.51.100.3']
const POLICIES = ['local', 'cluster', 'cluster', 'cluster', 'after 2 nodes'] as const

/** A story by a seed: the same one always. */
export function storyOf(seed: number, length = 40): Story {
  const random = makeRandom(seed)
  const nodes = 2 + random.int(4)
  return {
    ahead: Array.from({ length: nodes }, () => random.pick([0, 0, 0, 2, -2, 7, -7])),
    settings: { enabled: true, maxretry: 3, findtime: 600, bantime: 600, policy: random.pick(POLICIES) },
    happenings: Array.from({ length }, () => happeningOf(random, nodes)),
  }
}

function happeningOf(random: Random, nodes: number): Happening {
  const [node, ip] = [random.int(nodes), random.pick(IPS)]
  const made: readonly (() => Happening)[] = [
    () => ({ kind: 'fail', node, ip, times: 1 + random.int(3) }),
    () => ({ kind: 'fail', node, ip, times: 3 }),
    () => ({ kind: 'fail', node, ip, times: 3 }),
    () => ({ kind: 'fail', node, ip, times: 1 }),
    () => ({ kind: 'unban', ip }),
    () => ({ kind: 'unban', ip, jail: 'sshd' }),
    () => ({ kind: 'unban', ip, many: true }),
    () => ({ kind: 'unban on', node, ip }),
    () => ({ kind: 'unban here', node, ip }),
    () => ({ kind: 'ban', ip }),
    () => ({ kind: 'tune', settings: { policy: random.pick(POLICIES) } }),
    () => ({ kind: 'tune', settings: { bantime: random.pick([120, 600, 3_600]) } }),
    () => ({ kind: 'cut', node }),
    () => ({ kind: 'hold', node }),
    () => ({ kind: 'let', node, direction: random.pick(['up', 'down'] as const), frames: 1 + random.int(3) }),
    () => ({ kind: 'release', node }),
    () => ({ kind: 'restart', node }),
    () => ({ kind: 'connect' }),
    () => ({ kind: 'connect' }),
    () => ({ kind: 'stop server' }),
    () => ({ kind: 'start server' }),
    () => ({ kind: 'start server' }),
    () => ({ kind: 'pass', seconds: 1 + random.int(20) }),
    () => ({ kind: 'pass', seconds: 1 + random.int(20) }),
    () => ({ kind: 'pass', seconds: 60 + random.int(300) }),
  ]
  return random.pick(made)()
}

/** Plays a story up to its end; the cluster is calm then, and still to be disposed of. */
export async function play(story: Story): Promise<SimCluster> {
  const cluster = await SimCluster.open(
    story.ahead.map((minutes) => minutes * MINUTE),
    story.settings,
  )
  let number = 0
  for (const happening of story.happenings) {
    await happen(cluster, happening, `here-${number++}`)
    // Longer than a report may be on its way: what was first is not in doubt.
    await cluster.pass(3)
  }
  await cluster.calm()
  return cluster
}

async function happen(cluster: SimCluster, happening: Happening, id: string): Promise<void> {
  const { server } = cluster
  const node = 'node' in happening ? cluster.nodes[happening.node] : undefined
  switch (happening.kind) {
    case 'pass':
      return cluster.pass(happening.seconds)
    case 'connect':
      return cluster.connect()
    case 'stop server':
      if (!server.isUp) return
      for (const each of cluster.nodes) each.cut()
      return server.stop()
    case 'start server':
      return server.isUp ? undefined : server.start()
    case 'unban':
      return server.isUp ? cluster.unban(happening.ip, happening) : undefined
    case 'ban':
      return server.isUp ? cluster.ban(happening.ip) : undefined
    case 'tune':
      if (server.isUp) server.tune(happening.settings)
      return cluster.settle()
  }
  if (node === undefined) return
  switch (happening.kind) {
    case 'fail':
      await node.fail(happening.ip, happening.times)
      return cluster.settle()
    case 'unban on':
      return server.isUp ? cluster.unban(happening.ip, { node: node.setup.name }) : undefined
    case 'unban here':
      cluster.lifts.push({ node: node.setup.name, jail: null, ip: happening.ip, at: cluster.now })
      await node.unbanHere(happening.ip, id)
      return cluster.settle()
    case 'cut':
      return node.cut()
    case 'hold':
    case 'release':
      cluster.isPunctual = false
      if (node.wire !== null) node.wire.isHeld = happening.kind === 'hold'
      return cluster.settle()
    case 'let':
      for (let each = 0; each < happening.frames; each++) node.wire?.let(happening.direction)
      return cluster.settle()
    case 'restart':
      node.kill()
      await node.start()
      return cluster.settle()
  }
}

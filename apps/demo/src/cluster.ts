import type { Ban, EpochMs } from '@warder/core'
import { checkConfig, systemClock, type Clock, type Logger } from '@warder/daemon'
import { makeServer, serverConfig, type Server } from '@warder/server'
import {
  makeWorld,
  opening,
  SCRIPTS,
  timeline,
  type ScriptName,
  type World,
  type WorldLine,
} from '@warder/simulator'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DemoNode } from './demo-node.ts'
import { Feed } from './feed.ts'
import { madeUpGeo } from './geo.ts'
import { makeHistory } from './history.ts'
import { nodePlan, tunedNode } from './node-plan.ts'
import { OPERATOR, OperatorClient } from './operator.ts'
import { until } from './until.ts'

const HISTORY_DAYS = 30
const DAY_MS = 86_400_000
/** How far back the logs of a new world reach. */
const LOGS_MS = 6 * 3_600_000

/** Where the addresses of the demonstration are said to be at home. */
const GEO = 'countries.mmdb'

/** The built dashboard; absent in a tree that was never built, then only the API is served. */
const WEB_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url))

/** What the demonstration consists of. */
export interface ClusterOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly nodes: number
  readonly seed: number
  /** How many times as fast the ordinary goes on; scripts that are begun go at their own pace. */
  readonly speed: number
  readonly script: ScriptName
  readonly history: boolean
  /** A folder that stays; null: a temporary one. */
  readonly keep: string | null
  readonly log: Logger
}

/** A running demonstration. */
export interface Cluster extends AsyncDisposable {
  readonly url: string
  readonly world: World
  readonly operator: OperatorClient
  /** Begins a script now. */
  play(script: ScriptName): void
  /** Gives the first node a jail that its agent will pause, once there are lines for it. */
  slowDown(): Promise<void>
}

/** Starts the server and all agents on their world; resolves when every node is online. Nothing is left when it fails. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  await using starting = new AsyncDisposableStack()
  const clock = systemClock
  const folder = await makeFolder(options.keep, starting)
  const world = makeWorld({ seed: options.seed, nodes: options.nodes })
  await writeFile(join(folder, GEO), madeUpGeo())
  const server = starting.use(makeServer({ config: configOf(folder, options), clock, log: options.log }))
  const { url } = await server.start()
  const isNew = !existsSync(join(folder, 'begun'))
  const open = isNew
    ? await begin({ server, world, clock, history: options.history })
    : new Map<string, readonly Ban[]>()

  const before = options.history ? linesBefore(world, clock.now()) : new Map<string, readonly WorldLine[]>()
  const nodes = await Promise.all(
    world.nodes.map(async (node) => {
      const place = join(folder, node.name)
      await mkdir(join(place, 'state'), { recursive: true, mode: 0o700 })
      const made = new DemoNode(node, {
        world,
        clock,
        log: options.log,
        folder: place,
        serverUrl: url,
        join: server.createJoin(15),
      })
      await made.remember(open.get(node.name) ?? [])
      made.recall(before.get(node.name) ?? [])
      return made
    }),
  )
  starting.defer(async () => void (await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()))))
  await Promise.all(nodes.map((node) => node.startAgent()))
  const operator = await OperatorClient.signIn(url)
  await until(clock, 'all nodes are online', () => allOnline(operator, world))
  if (isNew) await tune(operator, world)
  await writeFile(join(folder, 'begun'), '')

  const feed = starting.use(makeFeed({ world, clock, nodes }))
  feed.play(SCRIPTS['quiet-day'](world, clock.now()), options.speed)
  feed.play(opening(world, clock.now()), 1)
  const turns = new Map<ScriptName, number>()
  const play = (script: ScriptName): void => {
    const turn = turns.get(script) ?? 0
    turns.set(script, turn + 1)
    feed.play(SCRIPTS[script](world, clock.now(), turn), 1)
  }
  if (options.script !== 'quiet-day') play(options.script)
  feed.start()
  const running = starting.move()
  return {
    url,
    world,
    operator,
    play,
    slowDown: async () => nodes[0]?.slowDown(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function makeFolder(keep: string | null, starting: AsyncDisposableStack): Promise<string> {
  if (keep !== null) {
    const folder = resolve(keep)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return folder
  }
  const folder = await mkdtemp(join(tmpdir(), 'warder-demo-'))
  starting.defer(() => rm(folder, { recursive: true, force: true }))
  return folder
}

function configOf(folder: string, { host, port }: ClusterOptions) {
  return checkConfig(
    'the server of the demonstration',
    {
      host,
      port,
      data_dir: join(folder, 'server'),
      auth_log: join(folder, 'auth.log'),
      geo: { country: join(folder, GEO) },
      ...(existsSync(WEB_ROOT) ? { web_root: WEB_ROOT } : {}),
    },
    serverConfig,
  )
}

interface Beginning {
  readonly server: Server
  readonly world: World
  readonly clock: Clock
  readonly history: boolean
}

/** What is done once in a folder: the operator's account, and the past. Answers each node's bans that are still in force. */
async function begin({
  server,
  world,
  clock,
  history,
}: Beginning): Promise<ReadonlyMap<string, readonly Ban[]>> {
  await server.createOperator(OPERATOR.name, OPERATOR.password)
  await server.createOperator('viewer', OPERATOR.password, 'viewer')
  if (!history) return new Map()
  const now = clock.now()
  const plans = new Map(world.nodes.map((node) => [node.name, nodePlan(world, node)]))
  const past = makeHistory({ world, plans, now, days: HISTORY_DAYS })
  for (const { node, events } of past) {
    const cluster = world.nodes.find(({ name }) => name === node)?.cluster ?? null
    server.ingestHistory({ node, cluster, enrolledAt: now - HISTORY_DAYS * DAY_MS, events })
  }
  return new Map(past.map(({ node, bans }) => [node, bans]))
}

/** By node: the ordinary lines of the last hours. */
function linesBefore(world: World, now: EpochMs): ReadonlyMap<string, readonly WorldLine[]> {
  const ordinary = SCRIPTS['quiet-day'](world, now - LOGS_MS)
  const lines: WorldLine[] = []
  for (const line of timeline(world, ordinary, now - LOGS_MS)) {
    if (line.at >= now) break
    lines.push(line)
  }
  return Map.groupBy(lines, ({ node }) => node)
}

async function allOnline(operator: OperatorClient, world: World): Promise<boolean> {
  const online = (await operator.nodes()).filter((node) => node.state === 'online' && node.sources.length > 0)
  return online.length === world.nodes.length
}

/** Something to see under Jails and under Bans from the first minute on. */
async function tune(operator: OperatorClient, world: World): Promise<void> {
  const node = tunedNode(world)
  if (node)
    await operator.tune(node, 'sshd', { maxretry: 3, bantime: 86_400, reason: 'its sshd faces the Internet' })
  await operator.ban({
    ip: '2001:db8:bad::/48',
    bantime: 7 * 86_400,
    reason: 'scanners, reported by the provider',
  })
}

interface FeedParts {
  readonly world: World
  readonly clock: Clock
  readonly nodes: readonly DemoNode[]
}

function makeFeed({ world, clock, nodes }: FeedParts): Feed {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  return new Feed({
    world,
    clock,
    deliver: async (node, lines) => byName.get(node)?.write(lines),
    outage: ({ node, from, until: back }) => void byName.get(node)?.loseAgent(back - from),
  })
}

import Database from 'better-sqlite3'
import type { LiveDown } from '@warder/protocol/api'
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { failure } from '../../../apps/server/src/lab/agent.ts'
import { cpuOf as secondsOf } from '../measure.ts'
import { BenchAgent } from './agent.ts'
import { p95, prepare, signIn, startServer, type Place } from './process.ts'

export interface Load {
  readonly agents: number
  readonly rate: number
  readonly seconds: number
  say(text: string): void
}

export interface LoadFigures {
  readonly agents: number
  readonly failures_per_s: number
  readonly acked_per_s: number
  readonly lost: number
  readonly disorder: number
  readonly line_to_dashboard_p50_ms: number
  readonly line_to_dashboard_p95_ms: number
  readonly ack_wait_s: number
  readonly rss_mb: number
  readonly server_cpu: number
}

/** How often each agent records what happened since (ms). */
const TICK_MS = 500
const DIALS = 40

/** Many agents that fail at a steady rate, one dashboard that watches: nothing may be lost. */
export async function measureLoad(
  folder: string,
  load: Load,
): Promise<{ figures: LoadFigures; place: Place }> {
  const { place, joins } = await prepare(folder, load.agents)
  const server = await startServer(place)
  const agents = joins.map((text, i) => new BenchAgent(`node${i + 1}`, server.url, text))
  load.say(`${load.agents} agents dial`)
  for (let at = 0; at < agents.length; at += DIALS)
    await Promise.all(agents.slice(at, at + DIALS).map((agent) => agent.dial()))
  for (const agent of agents) agent.report(Date.now())
  const waits: number[] = []
  const dashboard = await watch(server.url, waits)
  const cpuBefore = cpuOf(server.child.pid)
  load.say(`${load.rate} failures a second for ${load.seconds} s`)
  const began = performance.now()
  await fail(agents, load)
  const fedMs = performance.now() - began
  const recorded = agents.reduce((sum, agent) => sum + agent.recorded, 0)
  const until = performance.now() + 120_000
  while (agents.some((agent) => agent.acked < agent.recorded) && performance.now() < until) await wait(50)
  const tookMs = performance.now() - began
  const cpu = cpuOf(server.child.pid) - cpuBefore
  while (waits.length < recorded && performance.now() < until) await wait(50)
  const rss = await server.peakRssMb()
  dashboard.terminate()
  for (const agent of agents) agent.hangUp()
  await server.stop()
  const stored = storedIn(place.history)
  const figures: LoadFigures = {
    agents: load.agents,
    failures_per_s: Math.round(recorded / (fedMs / 1_000)),
    acked_per_s: Math.round(recorded / (tookMs / 1_000)),
    lost: recorded - stored,
    disorder: agents.reduce((sum, agent) => sum + agent.disorder, 0),
    line_to_dashboard_p50_ms: Math.round(
      waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)] ?? Number.NaN,
    ),
    line_to_dashboard_p95_ms: Math.round(p95(waits)),
    ack_wait_s: Math.round((tookMs - fedMs) / 100) / 10,
    rss_mb: Math.round(rss),
    server_cpu: Math.round((cpu / (tookMs / 1_000)) * 100) / 100,
  }
  return { figures, place }
}

/** Each agent records its share every half second, the agents spread over it. */
async function fail(agents: readonly BenchAgent[], { rate, seconds }: Load): Promise<void> {
  const slots = 25
  const slotMs = TICK_MS / slots
  const began = performance.now()
  let due = 0
  for (let slot = 0; slot * slotMs < seconds * 1_000; slot++) {
    const now = Date.now()
    const mine = agents.filter((_, i) => i % slots === slot % slots)
    due += (rate * slotMs) / 1_000
    for (const [i, agent] of mine.entries()) {
      const count = Math.floor((due * (i + 1)) / mine.length) - Math.floor((due * i) / mine.length)
      const events = Array.from({ length: count }, () => failure(randomIp(), now))
      if (events.length > 0) agent.record(agent.node.record(now, ...events))
      if (slot % (slots * 30) < slots) agent.report(now)
    }
    if (mine.length > 0) due = 0
    const ahead = began + (slot + 1) * slotMs - performance.now()
    if (ahead > 0) await wait(ahead)
  }
}

/** Half of the failures come from a few thousand addresses, the others from very many. */
function randomIp(): string {
  const wide = Math.random() < 0.5
  const n = Math.floor(Math.random() * (wide ? 131_072 : 4_096))
  return `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`
}

async function watch(url: string, waits: number[]): Promise<WebSocket> {
  const cookie = await signIn(url)
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/v1/live`, {
    headers: { cookie, origin: url },
  })
  socket.on('message', (data: Buffer) => {
    const now = Date.now()
    const message: LiveDown = JSON.parse(data.toString('utf8'))
    if (message.kind !== 'events') return
    for (const { event } of message.events)
      if (event.kind === 'failure.found') waits.push(now - event.failedAt)
  })
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))
  socket.send(JSON.stringify({ kind: 'resume', after: null }))
  return socket
}

function storedIn(file: string): number {
  const db = new Database(file, { readonly: true })
  const sql = `SELECT COUNT(*) AS n FROM events WHERE kind = 'failure.found'`
  const n = db.prepare<[], { n: number }>(sql).get()?.n ?? 0
  db.close()
  return n
}

const cpuOf = (pid: number | undefined): number => (pid === undefined ? 0 : secondsOf(pid))

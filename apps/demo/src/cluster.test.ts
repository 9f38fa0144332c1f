import { systemClock } from '@warder/daemon'
import type {
  BanPage,
  BanView,
  EventView,
  JailView,
  LiveDown,
  NodeView,
  OverviewView,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDemo, type Demo } from './index.ts'
import { OperatorClient } from './operator.ts'
import { until } from './until.ts'

let demo: Demo
let operator: OperatorClient
/** Everything that the live stream brought since the beginning. */
const seen: LiveDown[] = []
let live: WebSocket

const get = async <T>(path: string): Promise<T> => (await operator.ask('GET', path)) as T
const eventually = (what: string, ask: () => Promise<boolean> | boolean): Promise<void> =>
  until(systemClock, what, async () => ask(), 10_000)
const events = (): readonly EventView[] =>
  seen.flatMap((message) => (message.kind === 'events' ? message.events : []))

async function follow(url: string): Promise<WebSocket> {
  const socket = new WebSocket(new URL(PATHS.live, url.replace(/^http/, 'ws')), { headers: operator.headers })
  const opened = Promise.withResolvers<void>()
  socket.addEventListener('open', () => socket.send(JSON.stringify({ kind: 'resume', after: null })))
  socket.addEventListener('error', () => opened.reject(new Error('the live stream cannot be opened')))
  socket.addEventListener('message', ({ data }) => {
    seen.push(JSON.parse(String(data)) as LiveDown)
    opened.resolve()
  })
  await opened.promise
  return socket
}

beforeAll(async () => {
  demo = await startDemo({ port: 0, nodes: 3, seed: 1, speed: 1_000 })
  operator = await OperatorClient.signIn(demo.url)
  live = await follow(demo.url)
}, 60_000)

afterAll(async () => {
  live?.close()
  await demo?.stop()
})

describe('the demonstration', () => {
  it('has every node enrolled and online, one with a source that is lost', async () => {
    const rows = await get<readonly NodeView[]>(PATHS.nodes)
    expect(rows.map((node) => [node.name, node.cluster, node.state])).toEqual([
      ['pve1', 'vault', 'online'],
      ['pve2', 'vault', 'online'],
      ['pve3', 'vault', 'online'],
    ])
    expect(rows.every((node) => node.firewall?.backend === 'memory')).toBe(true)
    await eventually('a source is lost', async () => {
      const nodes = await get<readonly NodeView[]>(PATHS.nodes)
      return nodes.flatMap((node) => node.sources).some((source) => source.state === 'lost')
    })
  })

  it('has a past: bans with reasons, some still in force on the nodes', async () => {
    const { rows, total } = await get<BanPage>(`${PATHS.bans}?limit=500`)
    expect(total ?? rows.length).toBeGreaterThan(500)
    const detected = rows.filter((ban) => ban.origin === 'detected')
    expect(detected.every((ban) => ban.ticket && ban.why.length > 20)).toBe(true)
    const overview = await get<OverviewView>(PATHS.overview)
    expect(overview).toMatchObject({ nodes: 3, nodesOnline: 3 })
    expect(overview.activeBans).toBeGreaterThan(5)
    const nodes = await get<readonly NodeView[]>(PATHS.nodes)
    expect(nodes.map((node) => node.activeBans).reduce((a, b) => a + b)).toBeGreaterThan(5)
  })

  it('shows a ban on the live stream and in the API', async () => {
    await eventually('a ban was made', () => events().some(({ event }) => event.kind === 'ban.added'))
    const added = events().find(({ event }) => event.kind === 'ban.added')
    if (added?.event.kind !== 'ban.added') throw new Error('unreachable')
    const { ip, jail } = added.event.ban
    const { rows } = await get<BanPage>(
      `${PATHS.bans}?ip=${encodeURIComponent(ip)}&node=${added.node}&jail=${jail}`,
    )
    expect(rows[0]).toMatchObject({ node: added.node, jail, ip, active: true })
    expect(events().some(({ event }) => event.kind === 'failure.found')).toBe(true)
  })

  it('applies a tuning on all nodes, under what a node has for itself', async () => {
    await operator.ask('PUT', PATHS.jailSettings('sshd'), { maxretry: 7, reason: 'to see it' })
    await eventually('it is applied', async () => {
      const rows = await get<readonly JailView[]>(PATHS.jails)
      const sshd = rows.filter((row) => row.jail === 'sshd')
      return (
        sshd.length === 3 &&
        sshd.every((row) => row.revision.state === 'applied') &&
        sshd.every((row) => row.effective.maxretry === (row.node === 'pve2' ? 3 : 7))
      )
    })
  })

  it('lifts a ban on an operator’s order, everywhere', async () => {
    const active = (ip: string): Promise<readonly BanView[]> =>
      get<BanPage>(`${PATHS.bans}?active=true&ip=${encodeURIComponent(ip)}`).then(({ rows }) => rows)
    const ip =
      (await get<BanPage>(`${PATHS.bans}?active=true`)).rows.find((ban) => !ban.ip.includes('/'))?.ip ?? ''
    expect((await active(ip)).length).toBeGreaterThan(0)
    await operator.ask('DELETE', PATHS.ban(ip))
    await eventually('it is lifted', () =>
      events().some(({ event }) => event.kind === 'ban.lifted' && event.ip === ip),
    )
    await eventually('none is left', async () => (await active(ip)).length === 0)
  })

  it('goes on with a node that was away', async () => {
    const state = async (): Promise<number> => (await get<OverviewView>(PATHS.overview)).nodesOnline
    demo.script('node-lost')
    await eventually('a node is offline', async () => (await state()) === 2)
  })

  it('stops within two seconds and leaves nothing behind', async () => {
    const before = performance.now()
    await demo.stop()
    expect(performance.now() - before).toBeLessThan(2_000)
    await expect(fetch(demo.url)).rejects.toThrow()
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import type { NodeEvent, Order } from '@warder/core'
import { makeLogger, ManualClock } from '@warder/daemon'
import {
  CLOSE,
  EVENTS_PER_MESSAGE,
  type Answer,
  type NodeStatus,
  type Question,
  type WantedSettings,
} from '@warder/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openState, type State } from '../state/state.ts'
import { firstContact } from './first-contact.ts'
import { LabServer, UNHEARD } from './lab.ts'
import type { LinkState } from './link-state.ts'
import { Link } from './link.ts'
import type { SharingMessage } from './session.ts'
import { WINDOW_MESSAGES } from './send-window.ts'

const log = makeLogger({ name: 'test', level: 'silent', form: 'json' })
const STATUS: NodeStatus = {
  at: 0,
  agent: 'test',
  startedAt: 0,
  firewall: { backend: 'memory', enforcing: false, reason: 'a test' },
  revision: 0,
  sources: [],
  jails: [],
  activeBans: 0,
  outboxDepth: 0,
  lagMs: 0,
  rssBytes: 1,
}

let folder: string
let state: State
let clock: ManualClock
let server: LabServer
let link: Link | null
const orders: Order[] = []
const wishes: WantedSettings[] = []
const shared: SharingMessage[] = []
const states: LinkState[] = []
let answering: (question: Question) => Promise<Answer>

beforeEach(async () => {
  folder = mkdtempSync(joinPath(tmpdir(), 'warder-link-'))
  clock = new ManualClock(1_000_000)
  state = openState(folder, clock.now())
  server = await LabServer.start()
  link = null
  answering = async () => ({ kind: 'filters', filters: [], cut: false })
  orders.length = wishes.length = states.length = shared.length = 0
})
afterEach(async () => {
  await link?.[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  state.close()
  rmSync(folder, { recursive: true })
})

function dialling(over: { join?: string | null; server?: string } = {}): Link {
  const join = over.join === undefined ? server.join : over.join
  link = new Link({
    server: over.server ?? server.url,
    trust: {},
    ...{ state, clock, log },
    introduction: () => ({ name: 'pve1', cluster: 'vault', join }),
    status: () => STATUS,
    onOrder: (order) => void orders.push(order),
    ...UNHEARD,
    onSettings: (wanted) => void wishes.push(wanted),
    onQuestion: answering,
    onSharing: (message) => void shared.push(message),
    onChange: (change) => void states.push(change),
  })
  link.start()
  return link
}

const FAILURE = { kind: 'failure.found', jail: 'sshd', ip: '192.0.2.1', line: 'x'.repeat(100) } as const
const failure = (n: number): NodeEvent => ({ ...FAILURE, failedAt: n })
const record = (...events: readonly NodeEvent[]) => {
  state.together(() => state.outbox.append(events, clock.now()))
  link?.wake()
}
const failures = (count: number) => Array.from({ length: count }, (_, i) => failure(i))
const stateOf = (kind: LinkState['kind']) =>
  expect.poll(() => link?.state.kind, { timeout: 5_000 }).toBe(kind)

describe('greeting', () => {
  it('brings the join code on first contact, and afterwards only the key', async () => {
    dialling()
    await stateOf('streaming')
    expect(server.hellos[0]).toMatchObject({
      name: 'pve1',
      cluster: 'vault',
      join: server.joinCode,
      key: state.identity.key,
    })
    expect([state.identity.node(), state.identity.serverKey()]).toEqual(['pve1', server.key])
    await link?.[Symbol.asyncDispose]()
    dialling()
    await server.until(() => server.hellos.length === 2)
    expect(server.hellos[1]?.join).toBeUndefined()
  })

  it('says nothing to a server whose key does not fit the join text', async () => {
    await using impostor = await LabServer.start()
    dialling({ server: impostor.url })
    await stateOf('waiting')
    expect(impostor.hellos).toEqual([])
    expect(states.at(-1)).toMatchObject({ reason: expect.stringContaining('another key') })
    expect(impostor.closed).toEqual([CLOSE.protocol])
  })

  it('says nothing to a server with another key than the pinned one', async () => {
    dialling()
    await stateOf('streaming')
    await link?.[Symbol.asyncDispose]()
    await using impostor = await LabServer.start()
    dialling({ server: impostor.url })
    await stateOf('waiting')
    expect(impostor.hellos).toEqual([])
  })

  it('does not believe a welcome that the server did not sign', async () => {
    server.manner = 'forge'
    dialling()
    await stateOf('waiting')
    expect(states.at(-1)).toMatchObject({ reason: expect.stringContaining('not signed') })
    expect(state.identity.serverKey()).toBeNull()
  })

  it('stops when it was never enrolled', async () => {
    dialling({ join: null })
    await stateOf('stopped')
    expect(states.at(-1)).toMatchObject({ reason: expect.stringContaining('warder enrol') })
  })

  it('stops with the words of a refusal, and goes on when it is told to', async () => {
    server.manner = 'refuse'
    const refused = dialling()
    await stateOf('stopped')
    expect(states.at(-1)).toMatchObject({ reason: 'because node-removed' })
    server.manner = 'welcome'
    clock.advance(3_600_000)
    expect(refused.state.kind).toBe('stopped')
    refused.again()
    await stateOf('streaming')
  })
})

describe('events', () => {
  it('are sent in order, kept until they are acknowledged, and then forgotten', async () => {
    server.acks = false
    record(failure(1), failure(2))
    dialling()
    await server.until(() => server.history.length === 2)
    record(failure(3))
    await server.until(() => server.history.length === 3)
    expect(state.outbox.depth()).toBe(3)
    server.ack()
    await expect.poll(() => state.outbox.depth()).toBe(0)
    expect(server.history.map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(server.gap).toBeNull()
  })

  it('wait when many are not acknowledged', async () => {
    server.acks = false
    record(...failures(EVENTS_PER_MESSAGE * (WINDOW_MESSAGES + 3)))
    dialling()
    const window = EVENTS_PER_MESSAGE * WINDOW_MESSAGES
    await server.until(() => server.history.length >= window)
    await server.until(() => server.statuses.length > 0)
    expect(server.history.length).toBe(window)
    server.acks = true
    server.ack()
    await server.until(() => server.history.length === EVENTS_PER_MESSAGE * (WINDOW_MESSAGES + 3))
    await expect.poll(() => state.outbox.depth()).toBe(0)
    expect(server.gap).toBeNull()
  })

  it('that were not acknowledged before a cut are sent again, from what the welcome says', async () => {
    server.acks = false
    record(...failures(5))
    dialling()
    await server.until(() => server.history.length === 5)
    server.acked = 3
    server.history.length = 3
    server.close(null)
    await stateOf('waiting')
    clock.advance(1_000)
    await server.until(() => server.history.length === 5)
    expect(server.history.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
    expect(state.outbox.depth()).toBe(2)
  })

  it('fit into frames, however large they are', async () => {
    const lines = Array.from({ length: 20 }, () => '\u{1f600}'.repeat(1_000))
    const ticket = { failures: 20, first: 1, last: 2, maxretry: 5, findtime: 600, users: [], lines }
    const added = (n: number): NodeEvent => ({
      kind: 'ban.added',
      ban: { jail: 'sshd', ip: `192.0.2.${n}`, at: 1, until: null, origin: 'detected', ticket },
    })
    record(...Array.from({ length: 30 }, (_, n) => added(n)))
    dialling()
    await server.until(() => server.history.length === 30)
    expect(server.gap).toBeNull()
  })

  it('are told of as lost where the server lost them', async () => {
    record(failure(1), failure(2), failure(3))
    state.outbox.forget(2)
    dialling()
    await server.until(() => server.history.length === 2)
    expect(server.history.map(({ seq, event }) => [seq, event.kind])).toEqual([
      [2, 'outbox.gapped'],
      [3, 'failure.found'],
    ])
    expect(server.gap).toBeNull()
  })

  it('get a new outbox where the server has seen more than there is', async () => {
    record(failure(1))
    const before = state.outbox.id()
    server.acked = 50
    dialling()
    await stateOf('waiting')
    server.acked = 0
    clock.advance(1_000)
    await server.until(() => server.history.length === 1)
    expect(server.hellos[1]?.outbox).not.toBe(before)
    expect(server.hellos[1]?.outbox).toBe(state.outbox.id())
  })
})

describe('a link', () => {
  it('takes orders and settings', async () => {
    server.settings = { revision: 2, jails: { sshd: { maxretry: 3 } } }
    dialling()
    await stateOf('streaming')
    expect(wishes).toEqual([server.settings])
    const order = { kind: 'lift', id: 'o1', ip: null, jail: null, by: 'alice', issuedAt: 5 } as const
    server.send({ kind: 'order', order })
    server.send({ kind: 'settings', settings: { revision: 3, jails: {} } })
    await expect.poll(() => wishes.length).toBe(2)
    expect(orders).toEqual([order])
  })

  it('answers questions, says so where it cannot, and takes no more than four at a time', async () => {
    const asked: (() => void)[] = []
    answering = ({ kind }) =>
      kind === 'filters'
        ? Promise.reject(new Error('no'))
        : new Promise((resolve) =>
            asked.push(() => resolve({ kind: 'lines', lines: [], zone: 0, cut: false })),
          )
    dialling()
    await stateOf('streaming')
    const ask = (id: string, question: Question) => server.send({ kind: 'question', id, question })
    ask('broken', { kind: 'filters' })
    await server.until(() => server.answers.has('broken'))
    for (const id of ['1', '2', '3', '4', '5']) ask(id, { kind: 'lines', source: 'journal', limit: 1 })
    await server.until(() => server.answers.has('5'))
    expect(asked).toHaveLength(4)
    for (const answer of asked) answer()
    await server.until(() => server.answers.size === 6)
    expect(Object.fromEntries([...server.answers].map(([id, { kind }]) => [id, kind]))).toEqual({
      broken: 'refused',
      ...{ 1: 'lines', 2: 'lines', 3: 'lines', 4: 'lines', 5: 'refused' },
    })
  })

  it('sends the status at once, every fifteen seconds, and a second after changes', async () => {
    dialling()
    await server.until(() => server.statuses.length === 1)
    record(failure(1), failure(2))
    record(failure(3))
    clock.advance(1_000)
    await server.until(() => server.statuses.length === 2)
    clock.advance(14_000)
    await server.until(() => server.statuses.length === 3)
  })

  it('gives up a server that is silent for 45 s', async () => {
    dialling()
    await stateOf('streaming')
    server.freeze()
    clock.advance(44_000)
    expect(link?.state.kind).toBe('streaming')
    clock.advance(1_000)
    await stateOf('waiting')
    expect(states.at(-1)).toMatchObject({ reason: 'nothing heard for 45 s' })
  })

  it('dials again, with growing delays, until the server is there', async () => {
    const { port } = server
    await server[Symbol.asyncDispose]()
    dialling({ server: `ws://127.0.0.1:${port}` })
    const delays: number[] = []
    for (let i = 0; i < 8; i++) {
      await stateOf('waiting')
      const waiting = states.at(-1)
      if (waiting?.kind === 'waiting') delays.push(waiting.until - clock.now())
      clock.advance(60_000)
    }
    expect(Math.max(...delays)).toBeLessThanOrEqual(60_000)
    expect(delays[0]).toBeLessThanOrEqual(1_000)
    server = await LabServer.start()
  })

  it.each([
    ['removed', 'stopped', CLOSE.revoked],
    ['replaced', 'stopped', CLOSE.replaced],
    ['cut', 'waiting', null],
    ['closed for its version', 'waiting', CLOSE.version],
  ] as const)('that was %s is then %s', async (_, kind, code) => {
    dialling()
    await stateOf('streaming')
    server.close(code)
    await stateOf(kind)
  })

  it('ends on what it does not understand', async () => {
    dialling()
    await stateOf('streaming')
    server.send({ kind: 'nonsense' })
    await stateOf('waiting')
    expect(server.closed).toEqual([CLOSE.protocol])
  })
})

describe('first contact', () => {
  const contact = (join: string) =>
    firstContact({
      server: server.url,
      trust: {},
      identity: state.identity,
      introduction: { name: 'pve1', cluster: null, outbox: state.outbox.id(), join },
      clock,
    })

  it('settles who is who, and sends nothing else', async () => {
    record(failure(1))
    await contact(server.join)
    await server.until(() => server.closed.length === 1)
    expect([state.identity.node(), state.identity.joinedWith()]).toEqual(['pve1', server.joinCode])
    expect([server.history.length, server.statuses.length]).toEqual([0, 0])
  })

  it.each([
    ['refuse', 'because node-removed'],
    ['forge', 'could not prove'],
  ] as const)('fails when the server answers with %s', async (manner, words) => {
    server.manner = manner
    await expect(contact(server.join)).rejects.toThrow(words)
    expect(state.identity.node()).toBeNull()
  })

  it('fails with the key of another server', async () => {
    await using other = await LabServer.start()
    await expect(contact(other.join)).rejects.toThrow('another key')
  })

  it('fails when nobody is there', async () => {
    const { url, join } = server
    await server[Symbol.asyncDispose]()
    const lost = firstContact({
      server: url,
      trust: {},
      identity: state.identity,
      introduction: { name: 'pve1', cluster: null, outbox: state.outbox.id(), join },
      clock,
    })
    await expect(lost).rejects.toThrow('cannot be reached')
    server = await LabServer.start()
  })
})

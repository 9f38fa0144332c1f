import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileJail, makeEngine, type JailDefinition, type NodeEvent, type Order } from '@warder/core'
import { makeLogger, ManualClock } from '@warder/daemon'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FirewallError, type FirewallChange, type FirewallPlan } from '../firewall/firewall.ts'
import { MemoryFirewall } from '../firewall/memory.ts'
import { openState, type State } from '../state/state.ts'
import { Loop, type Planned } from './loop.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
const FILE = '/var/log/auth.log'
const log = makeLogger({ name: 'test', level: 'silent', form: 'json' })

/** A firewall that can be broken and mended. */
class Breakable extends MemoryFirewall {
  broken = false
  readonly transactions: (readonly FirewallChange[])[] = []

  override async prepare(plan: FirewallPlan): Promise<void> {
    this.#check()
    await super.prepare(plan)
  }

  override async apply(changes: readonly FirewallChange[]): Promise<void> {
    this.#check()
    this.transactions.push(changes)
    await super.apply(changes)
  }

  override async list() {
    this.#check()
    return super.list()
  }

  #check(): void {
    if (this.broken) throw new FirewallError('nft is out of order', true)
  }
}

function planOf(change: Partial<JailDefinition> = {}): Planned {
  const compiled = compileJail({
    name: 'sshd',
    filter: {
      name: 'sshd',
      failregex: [String.raw`^failed login of <F-USER>\S+</F-USER> from <HOST>$`],
      ignoreregex: [],
      maxlines: 1,
      journalmatch: [],
    },
    backend: 'file',
    logpath: [FILE],
    ports: { protocol: 'tcp', ports: [22] },
    ignoreip: [],
    maxmatches: 5,
    settings: { enabled: true, maxretry: 3, findtime: 600, bantime: 3_600 },
    ...change,
  })
  if (!compiled.ok) throw new Error(compiled.problems.join())
  const ports = { protocol: 'both', ports: 'all' } as const
  return {
    engine: {
      jails: [{ jail: compiled.jail, sources: [FILE] }],
      never: { own: [], privateNetworks: true, ignoreip: [] },
    },
    firewall: {
      jails: [
        { name: 'sshd', ports },
        { name: 'manual', ports },
      ],
      never: [],
    },
  }
}

let folder: string
let clock: ManualClock
let firewall: Breakable
let state: State
let running: Loop[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warder-loop-'))
  clock = new ManualClock(NOON)
  firewall = new Breakable(clock)
  state = openState(folder, NOON)
  running = []
})
afterEach(async () => {
  for (const loop of running) await loop[Symbol.asyncDispose]()
  state.close()
  rmSync(folder, { recursive: true })
})

async function startLoop(planned = planOf()): Promise<Loop> {
  const loop = new Loop({
    engine: makeEngine(),
    firewall,
    state,
    clock,
    log,
    onRecorded: () => {},
    onStuck: () => {},
  })
  running.push(loop)
  await loop.start(planned, (report) => ({ kind: 'agent.started', agent: 'test', firewall: report }))
  return loop
}

/** The loop ends without a word, as under SIGKILL; what was written stays. */
async function kill(loop: Loop): Promise<void> {
  running.splice(running.indexOf(loop), 1)
  state.close()
  state = openState(folder, clock.now())
}

const lines = (ip: string, count: number, cursor: string) => ({
  lines: Array.from({ length: count }, () => ({
    source: FILE,
    text: `failed login of root from ${ip}`,
    readAt: clock.now(),
    writtenAt: clock.now(),
  })),
  cursor,
})
const eventsAfter = (seq: number) => state.outbox.read(seq, 1_000).map(({ event }) => event)
const short = (event: NodeEvent): string => {
  if (event.kind === 'ban.added' || event.kind === 'ban.extended') return `${event.kind} ${event.ban.ip}`
  if (event.kind === 'firewall.drifted') return `${event.kind} ${event.missing} ${event.foreign}`
  return 'ip' in event ? `${event.kind} ${event.ip}` : event.kind
}
const told = (after = 0) => eventsAfter(after).map(short)
const enforced = async () => (await firewall.list()).map(({ jail, ip }) => `${jail} ${ip}`).toSorted()
const banOrder = (ip: string, id = 'o1'): Order => ({
  kind: 'ban',
  id,
  ip,
  jail: 'manual',
  bantime: 600,
  by: 'alice',
  expiresAt: clock.now() + 60_000,
})

/** Lets everything happen that falls due; the mailbox is empty afterwards. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    clock.advance(Math.min(1_000, left))
    for (const loop of running) await loop.record([])
  }
}

describe('lines', () => {
  it('become failures and a ban, in force and on disk when the batch is taken', async () => {
    const loop = await startLoop()
    await loop.take(FILE, lines('192.0.2.1', 4, 'c1'))
    expect(await enforced()).toEqual(['sshd 192.0.2.1'])
    expect(told()).toEqual([
      'agent.started',
      'jail.started',
      ...Array.from({ length: 3 }, () => 'failure.found 192.0.2.1'),
      'ban.added 192.0.2.1',
      'failure.found 192.0.2.1',
    ])
    expect(state.bans.all().map(({ ip }) => ip)).toEqual(['192.0.2.1'])
    expect(state.cursors.get(FILE)).toBe('c1')
    expect(state.offences.of('192.0.2.1')).toMatchObject([{ bans: 1 }])
  })

  it('of one batch change the firewall in one transaction', async () => {
    const loop = await startLoop()
    const one = lines('192.0.2.1', 3, 'c1')
    const many = {
      lines: [...one.lines, ...lines('192.0.2.2', 3, '').lines, ...lines('192.0.2.3', 3, '').lines],
      cursor: 'c2',
    }
    await loop.take(FILE, many)
    expect(firewall.transactions.map((changes) => changes.length)).toEqual([3])
  })

  it('that lead to nothing have their cursor written late, and at the end', async () => {
    const loop = await startLoop()
    await loop.take(FILE, { lines: [], cursor: 'first' })
    expect(state.cursors.get(FILE)).toBe('first')
    await loop.take(FILE, { lines: [], cursor: 'second' })
    expect([state.cursors.get(FILE), loop.cursor(FILE)]).toEqual(['first', 'second'])
    await pass(10_000)
    expect(state.cursors.get(FILE)).toBe('second')
    await loop.take(FILE, { lines: [], cursor: 'third' })
    await loop[Symbol.asyncDispose]()
    expect(state.cursors.get(FILE)).toBe('third')
  })
})

describe('a restart', () => {
  it('goes on counting where it was killed', async () => {
    const first = await startLoop()
    await first.take(FILE, lines('192.0.2.1', 2, 'c1'))
    await kill(first)
    const second = await startLoop()
    const before = state.outbox.last()
    await second.take(FILE, lines('192.0.2.1', 1, 'c2'))
    expect(told(before)).toEqual(['failure.found 192.0.2.1', 'ban.added 192.0.2.1'])
  })

  it('puts back the bans that the firewall lost, in one transaction, and tells of it', async () => {
    const first = await startLoop()
    await first.take(FILE, lines('192.0.2.1', 3, 'c1'))
    await first.order(banOrder('198.51.100.0/24'))
    await kill(first)
    firewall = new Breakable(clock)
    const before = state.outbox.last()
    await startLoop()
    expect(await enforced()).toEqual(['manual 198.51.100.0/24', 'sshd 192.0.2.1'])
    expect(firewall.transactions.length).toBe(1)
    expect(told(before)).toContain('firewall.drifted 2 0')
  })

  it('takes out what it does not know', async () => {
    await firewall.prepare(planOf().firewall)
    await firewall.apply([{ kind: 'add', jail: 'sshd', ip: '203.0.113.1', until: null }])
    await startLoop()
    expect(await enforced()).toEqual([])
    expect(told()).toContain('firewall.drifted 0 1')
  })

  it('tells of bans that ended meanwhile and does not put them back', async () => {
    const first = await startLoop()
    await first.take(FILE, lines('192.0.2.1', 3, 'c1'))
    await kill(first)
    clock.advance(3_601_000)
    const before = state.outbox.last()
    await startLoop()
    expect(told(before)).toEqual(['agent.started', 'ban.expired 192.0.2.1', 'jail.started'])
    expect(await enforced()).toEqual([])
    expect(state.bans.all()).toEqual([])
  })

  it('lifts the bans of a jail that is gone', async () => {
    const first = await startLoop()
    await first.take(FILE, lines('192.0.2.1', 3, 'c1'))
    await kill(first)
    const before = state.outbox.last()
    const planned = planOf()
    await startLoop({
      engine: { ...planned.engine, jails: [] },
      firewall: { ...planned.firewall, jails: planned.firewall.jails.slice(1) },
    })
    expect(told(before)).toEqual(['agent.started', 'ban.lifted 192.0.2.1'])
    expect(state.bans.all()).toEqual([])
  })
})

describe('orders', () => {
  it('are carried out and answered', async () => {
    const loop = await startLoop()
    const events = await loop.order(banOrder('192.0.2.9'))
    expect(events.map(short)).toEqual(['ban.added 192.0.2.9', 'order.finished'])
    const lift: Order = {
      kind: 'lift',
      id: 'o2',
      ip: '192.0.2.9',
      jail: null,
      by: 'alice',
      issuedAt: clock.now(),
    }
    expect((await loop.order(lift)).map(short)).toEqual(['ban.lifted 192.0.2.9', 'order.finished'])
    expect(await enforced()).toEqual([])
  })

  it('that come again after a restart are answered and not carried out again', async () => {
    const first = await startLoop()
    await first.order(banOrder('192.0.2.9'))
    await kill(first)
    clock.advance(10_000)
    const second = await startLoop()
    const before = second.bans()
    expect(await second.order(banOrder('192.0.2.9'))).toEqual([
      { kind: 'order.finished', order: 'o1', changed: 0 },
    ])
    expect(second.bans()).toEqual(before)
  })

  it('to lift forget failures also for the next start', async () => {
    const first = await startLoop()
    await first.take(FILE, lines('192.0.2.1', 2, 'c1'))
    await first.order({
      kind: 'lift',
      id: 'o2',
      ip: '192.0.2.0/24',
      jail: null,
      by: 'alice',
      issuedAt: clock.now(),
    })
    await kill(first)
    const second = await startLoop()
    await second.take(FILE, lines('192.0.2.1', 2, 'c2'))
    expect(second.bans()).toEqual([])
  })
})

describe('time', () => {
  it('ends bans', async () => {
    const loop = await startLoop()
    await loop.take(FILE, lines('192.0.2.1', 3, 'c1'))
    const before = state.outbox.last()
    await pass(3_600_000)
    expect(told(before)).toEqual(['ban.expired 192.0.2.1'])
    expect(state.bans.all()).toEqual([])
  })

  it('brings a repair every five seconds when someone changed the firewall', async () => {
    const loop = await startLoop()
    await loop.take(FILE, lines('192.0.2.1', 3, 'c1'))
    await firewall.apply([
      { kind: 'remove', jail: 'sshd', ip: '192.0.2.1' },
      { kind: 'add', jail: 'sshd', ip: '203.0.113.1', until: null },
    ])
    const before = state.outbox.last()
    await pass(5_000)
    expect(await enforced()).toEqual(['sshd 192.0.2.1'])
    expect(told(before)).toEqual(['firewall.drifted 1 1'])
    await pass(20_000)
    expect(told(before).length).toBe(1)
  })

  it('forgets failures that can no longer matter', async () => {
    const loop = await startLoop()
    await loop.take(FILE, lines('192.0.2.1', 2, 'c1'))
    await pass(660_000)
    expect(state.failures.all()).toEqual([])
  })
})

describe('a firewall that fails', () => {
  it('is told of once; bans are told of when it holds them', async () => {
    const loop = await startLoop()
    firewall.broken = true
    const before = state.outbox.last()
    await loop.take(FILE, lines('192.0.2.1', 3, 'c1'))
    await loop.take(FILE, lines('192.0.2.2', 3, 'c2'))
    expect(told(before).filter((text) => !text.startsWith('failure'))).toEqual(['firewall.failed'])
    expect(loop.report()).toMatchObject({ enforcing: false, reason: 'nft is out of order' })
    expect(loop.bans().length).toBe(2)
    await pass(70_000)
    expect(told(before).filter((text) => text.startsWith('firewall')).length).toBe(1)
    firewall.broken = false
    await pass(61_000)
    expect(told(before).slice(-2)).toEqual(['ban.added 192.0.2.1', 'ban.added 192.0.2.2'])
    expect(await enforced()).toEqual(['sshd 192.0.2.1', 'sshd 192.0.2.2'])
    expect(loop.report().reason).not.toBe('nft is out of order')
    expect(state.pending.all()).toEqual([])
  })

  it('does not make a restart forget what it owes', async () => {
    const first = await startLoop()
    firewall.broken = true
    await first.take(FILE, lines('192.0.2.1', 3, 'c1'))
    await kill(first)
    const second = await startLoop()
    expect(second.bans().length).toBe(1)
    firewall.broken = false
    const before = state.outbox.last()
    await pass(61_000)
    expect(told(before)).toEqual(['ban.added 192.0.2.1'])
    expect(await enforced()).toEqual(['sshd 192.0.2.1'])
  })

  it('lifts what was lifted meanwhile, and tells nothing of bans that never were in force', async () => {
    const loop = await startLoop()
    await loop.order(banOrder('192.0.2.9'))
    firewall.broken = true
    await loop.order({
      kind: 'lift',
      id: 'o2',
      ip: '192.0.2.9',
      jail: null,
      by: 'alice',
      issuedAt: clock.now(),
    })
    await loop.order(banOrder('198.51.100.1', 'o3'))
    await loop.order({
      kind: 'lift',
      id: 'o4',
      ip: '198.51.100.1',
      jail: null,
      by: 'alice',
      issuedAt: clock.now(),
    })
    const before = state.outbox.last()
    firewall.broken = false
    await pass(61_000)
    expect(told(before)).toContain('ban.lifted 192.0.2.9')
    expect(told(before)).not.toContain('ban.added 198.51.100.1')
    expect(await enforced()).toEqual([])
  })
})

describe('a disk that takes nothing', () => {
  it('does not stop banning; what waited is written in order when it does again', async () => {
    const loop = await startLoop()
    const before = state.outbox.last()
    const other = new Database(join(folder, 'state.db'))
    other.exec('BEGIN IMMEDIATE')
    await loop.take(FILE, lines('192.0.2.1', 3, 'c1'))
    await loop.take(FILE, lines('192.0.2.2', 3, 'c2'))
    expect(await enforced()).toEqual(['sshd 192.0.2.1', 'sshd 192.0.2.2'])
    expect(told(before)).toEqual([])
    other.exec('ROLLBACK')
    other.close()
    await pass(1_000)
    expect(told(before).filter((text) => text.startsWith('ban'))).toEqual([
      'ban.added 192.0.2.1',
      'ban.added 192.0.2.2',
    ])
    expect(state.cursors.get(FILE)).toBe('c2')
    expect(state.outbox.depth()).toBe(state.outbox.read(0, 1_000).length)
  })
})

describe('another plan', () => {
  it('is followed at once, and what is told along is written together', async () => {
    const loop = await startLoop()
    await loop.take(FILE, lines('192.0.2.1', 2, 'c1'))
    const before = state.outbox.last()
    await loop.change(planOf({ settings: { enabled: true, maxretry: 2, findtime: 600, bantime: 60 } }), {
      write: () => state.settings.put({ revision: 4, jails: {} }),
      events: [{ kind: 'settings.applied', revision: 4 }],
    })
    expect(told(before)).toEqual(['settings.applied'])
    expect(state.settings.get().revision).toBe(4)
    await loop.take(FILE, lines('192.0.2.1', 1, 'c2'))
    expect(told(before).at(-1)).toBe('ban.added 192.0.2.1')
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Breakable, FILE, LoopLab, planOf, short } from './loop-lab.ts'
import type { Loop } from './loop.ts'

let lab: LoopLab
beforeEach(() => {
  lab = new LoopLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

describe('lines', () => {
  it('become failures and a ban, in force and on disk when the batch is taken', async () => {
    const loop = await lab.start()
    await loop.take(FILE, lab.lines('192.0.2.1', 4, 'c1'))
    expect(await lab.enforced()).toEqual(['sshd 192.0.2.1'])
    expect(lab.told()).toEqual([
      'agent.started',
      'jail.started',
      ...Array.from({ length: 3 }, () => 'failure.found 192.0.2.1'),
      'ban.added 192.0.2.1',
      'failure.found 192.0.2.1',
    ])
    expect(lab.state.bans.all().map(({ ip }) => ip)).toEqual(['192.0.2.1'])
    expect(lab.state.cursors.get(FILE)).toBe('c1')
    expect(lab.state.offences.of('192.0.2.1')).toMatchObject([{ bans: 1 }])
  })

  it('of one batch change the firewall in one transaction', async () => {
    const loop = await lab.start()
    const one = lab.lines('192.0.2.1', 3, 'c1')
    const many = {
      lines: [...one.lines, ...lab.lines('192.0.2.2', 3, '').lines, ...lab.lines('192.0.2.3', 3, '').lines],
      cursor: 'c2',
    }
    await loop.take(FILE, many)
    expect(lab.firewall.transactions.map((changes) => changes.length)).toEqual([3])
  })

  it('that lead to nothing have their cursor written late, and at the end', async () => {
    const loop = await lab.start()
    await loop.take(FILE, { lines: [], cursor: 'first' })
    expect(lab.state.cursors.get(FILE)).toBe('first')
    await loop.take(FILE, { lines: [], cursor: 'second' })
    expect([lab.state.cursors.get(FILE), loop.cursor(FILE)]).toEqual(['first', 'second'])
    await lab.pass(10_000)
    expect(lab.state.cursors.get(FILE)).toBe('second')
    await loop.take(FILE, { lines: [], cursor: 'third' })
    await loop[Symbol.asyncDispose]()
    expect(lab.state.cursors.get(FILE)).toBe('third')
  })
})

describe('a restart', () => {
  it('goes on counting where it was killed', async () => {
    const first = await lab.start()
    await first.take(FILE, lab.lines('192.0.2.1', 2, 'c1'))
    lab.kill()
    const second = await lab.start()
    const before = lab.state.outbox.last()
    await second.take(FILE, lab.lines('192.0.2.1', 1, 'c2'))
    expect(lab.told(before)).toEqual(['failure.found 192.0.2.1', 'ban.added 192.0.2.1'])
  })

  it('puts back the bans that the firewall lost, in one transaction, and tells of it', async () => {
    const first = await lab.start()
    await first.take(FILE, lab.lines('192.0.2.1', 3, 'c1'))
    await first.order(lab.banOrder('198.51.100.0/24'))
    lab.kill()
    lab.firewall = new Breakable(lab.clock)
    const before = lab.state.outbox.last()
    await lab.start()
    expect(await lab.enforced()).toEqual(['manual 198.51.100.0/24', 'sshd 192.0.2.1'])
    expect(lab.firewall.transactions.length).toBe(1)
    expect(lab.told(before)).toContain('firewall.drifted 2 0')
  })

  it('takes out what it does not know', async () => {
    await lab.firewall.prepare(planOf().firewall)
    await lab.firewall.apply([{ kind: 'add', jail: 'sshd', ip: '203.0.113.1', until: null }])
    await lab.start()
    expect(await lab.enforced()).toEqual([])
    expect(lab.told()).toContain('firewall.drifted 0 1')
  })

  it('tells of bans that ended meanwhile and does not put them back', async () => {
    const first = await lab.start()
    await first.take(FILE, lab.lines('192.0.2.1', 3, 'c1'))
    lab.kill()
    lab.clock.advance(3_601_000)
    const before = lab.state.outbox.last()
    await lab.start()
    expect(lab.told(before)).toEqual(['agent.started', 'ban.expired 192.0.2.1', 'jail.started'])
    expect(await lab.enforced()).toEqual([])
    expect(lab.state.bans.all()).toEqual([])
  })

  it('lifts the bans of a jail that is gone', async () => {
    const first = await lab.start()
    await first.take(FILE, lab.lines('192.0.2.1', 3, 'c1'))
    lab.kill()
    const before = lab.state.outbox.last()
    const planned = planOf()
    await lab.start({
      engine: { ...planned.engine, jails: [] },
      firewall: { ...planned.firewall, jails: planned.firewall.jails.slice(1) },
    })
    expect(lab.told(before)).toEqual(['agent.started', 'ban.lifted 192.0.2.1'])
    expect(lab.state.bans.all()).toEqual([])
  })
})

describe('bans that grow', () => {
  const growth = {
    factor: 1,
    multipliers: [],
    formula: null,
    maxtime: null,
    rndtime: 0,
    overalljails: false,
  }
  const settings = { enabled: true, maxretry: 2, findtime: 600, bantime: 60 }

  it('go on growing after a restart, and begin anew for who was let go', async () => {
    const length = (loop: Loop): number => {
      const [ban] = loop.bans()
      return ((ban?.until ?? 0) - (ban?.at ?? 0)) / 1_000
    }
    const first = await lab.start(planOf({ growth, settings }))
    await first.take(FILE, lab.lines('192.0.2.1', 2, 'c1'))
    expect(length(first)).toBe(60)
    await lab.pass(61_000)
    lab.kill()
    const second = await lab.start(planOf({ growth, settings }))
    // A known offender: one failure counts twice.
    await second.take(FILE, lab.lines('192.0.2.1', 1, 'c2'))
    expect(length(second)).toBe(120)
    await second.order(lab.liftOrder('192.0.2.1', 'o2'))
    expect(lab.state.offences.all()).toEqual([])
    await second.take(FILE, lab.lines('192.0.2.1', 2, 'c3'))
    expect(length(second)).toBe(60)
  })
})

describe('what is asked about a failure', () => {
  it('comes in again with a reply, while other lines are decided on', async () => {
    const loop = await lab.start(planOf({ ignorecommand: ['/opt/friend', '<ip>'] }))
    await loop.take(FILE, lab.lines('192.0.2.1', 3, 'c1'))
    await loop.take(FILE, lab.lines('192.0.2.2', 1, 'c2'))
    expect(lab.asked.map(({ inquiry }) => inquiry)).toEqual([
      ...Array.from({ length: 3 }, () => ({ kind: 'ignored', argv: ['/opt/friend', '192.0.2.1'] })),
      { kind: 'ignored', argv: ['/opt/friend', '192.0.2.2'] },
    ])
    const replied = lab.asked.map(({ failure }) => {
      const reply = { kind: 'ignored', isIgnored: failure.ip !== '192.0.2.1' } as const
      return { failure, reply }
    })
    await loop.resume(replied)
    expect(lab.told().filter((text) => !text.startsWith('agent') && !text.startsWith('jail'))).toEqual([
      'failure.found 192.0.2.1',
      'failure.found 192.0.2.1',
      'failure.found 192.0.2.1',
      'ban.added 192.0.2.1',
      'failure.ignored 192.0.2.2',
    ])
  })
})

describe('orders', () => {
  it('are carried out and answered', async () => {
    const loop = await lab.start()
    const events = await loop.order(lab.banOrder('192.0.2.9'))
    expect(events.map(short)).toEqual(['ban.added 192.0.2.9', 'order.finished'])
    expect((await loop.order(lab.liftOrder('192.0.2.9', 'o2'))).map(short)).toEqual([
      'ban.lifted 192.0.2.9',
      'order.finished',
    ])
    expect(await lab.enforced()).toEqual([])
  })

  it('that come again after a restart are answered and not carried out again', async () => {
    const first = await lab.start()
    await first.order(lab.banOrder('192.0.2.9'))
    lab.kill()
    lab.clock.advance(10_000)
    const second = await lab.start()
    const before = second.bans()
    expect(await second.order(lab.banOrder('192.0.2.9'))).toEqual([
      { kind: 'order.finished', order: 'o1', changed: 0 },
    ])
    expect(second.bans()).toEqual(before)
  })

  it('to lift forget failures also for the next start', async () => {
    const first = await lab.start()
    await first.take(FILE, lab.lines('192.0.2.1', 2, 'c1'))
    await first.order({
      kind: 'lift',
      id: 'o2',
      ip: '192.0.2.0/24',
      jail: null,
      by: 'alice',
      issuedAt: lab.clock.now(),
    })
    lab.kill()
    const second = await lab.start()
    await second.take(FILE, lab.lines('192.0.2.1', 2, 'c2'))
    expect(second.bans()).toEqual([])
  })
})

describe('time', () => {
  it('ends bans', async () => {
    const loop = await lab.start()
    await loop.take(FILE, lab.lines('192.0.2.1', 3, 'c1'))
    const before = lab.state.outbox.last()
    await lab.pass(3_600_000)
    expect(lab.told(before)).toEqual(['ban.expired 192.0.2.1'])
    expect(lab.state.bans.all()).toEqual([])
  })

  it('brings a repair every five seconds when someone changed the firewall', async () => {
    const loop = await lab.start()
    await loop.take(FILE, lab.lines('192.0.2.1', 3, 'c1'))
    await lab.firewall.apply([
      { kind: 'remove', jail: 'sshd', ip: '192.0.2.1' },
      { kind: 'add', jail: 'sshd', ip: '203.0.113.1', until: null },
    ])
    const before = lab.state.outbox.last()
    await lab.pass(5_000)
    expect(await lab.enforced()).toEqual(['sshd 192.0.2.1'])
    expect(lab.told(before)).toEqual(['firewall.drifted 1 1'])
    await lab.pass(20_000)
    expect(lab.told(before).length).toBe(1)
  })

  it('forgets failures that can no longer matter', async () => {
    const loop = await lab.start()
    await loop.take(FILE, lab.lines('192.0.2.1', 2, 'c1'))
    await lab.pass(660_000)
    expect(lab.state.failures.all()).toEqual([])
  })
})

describe('another plan', () => {
  it('is followed at once, and what is told along is written together', async () => {
    const loop = await lab.start()
    await loop.take(FILE, lab.lines('192.0.2.1', 2, 'c1'))
    const before = lab.state.outbox.last()
    await loop.change(planOf({ settings: { enabled: true, maxretry: 2, findtime: 600, bantime: 60 } }), {
      write: () => lab.state.settings.put({ revision: 4, jails: {} }),
      events: [{ kind: 'settings.applied', revision: 4 }],
    })
    expect(lab.told(before)).toEqual(['settings.applied'])
    expect(lab.state.settings.get().revision).toBe(4)
    await loop.take(FILE, lab.lines('192.0.2.1', 1, 'c2'))
    expect(lab.told(before).at(-1)).toBe('ban.added 192.0.2.1')
  })
})

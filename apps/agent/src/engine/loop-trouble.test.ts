import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FILE, LoopLab } from './loop-lab.ts'

let lab: LoopLab
beforeEach(() => {
  lab = new LoopLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

describe('a firewall that fails', () => {
  it('is told of once; bans are told of when it holds them', async () => {
    const loop = await lab.start()
    lab.firewall.broken = true
    const before = lab.state.outbox.last()
    await loop.take(FILE, lab.lines('192.0.2.1', 3, 'c1'))
    await loop.take(FILE, lab.lines('192.0.2.2', 3, 'c2'))
    expect(lab.told(before).filter((text) => !text.startsWith('failure'))).toEqual(['firewall.failed'])
    expect(loop.report()).toMatchObject({ enforcing: false, reason: 'nft is out of order' })
    expect(loop.bans().length).toBe(2)
    await lab.pass(70_000)
    expect(lab.told(before).filter((text) => text.startsWith('firewall')).length).toBe(1)
    lab.firewall.broken = false
    await lab.pass(61_000)
    expect(lab.told(before).slice(-2)).toEqual(['ban.added 192.0.2.1', 'ban.added 192.0.2.2'])
    expect(await lab.enforced()).toEqual(['sshd 192.0.2.1', 'sshd 192.0.2.2'])
    expect(loop.report().reason).not.toBe('nft is out of order')
    expect(lab.state.pending.all()).toEqual([])
  })

  it('tells of bans too whose writing was held when it works again', async () => {
    const loop = await lab.start()
    lab.firewall.broken = true
    const before = lab.state.outbox.last()
    await loop.take(FILE, { ...lab.lines('192.0.2.1', 3, 'c1'), hasMore: true })
    lab.firewall.broken = false
    await lab.pass(999)
    await lab.pass(61_000)
    expect(lab.told(before)).toContain('ban.added 192.0.2.1')
  })

  it('does not make a restart forget what it owes', async () => {
    const first = await lab.start()
    lab.firewall.broken = true
    await first.take(FILE, lab.lines('192.0.2.1', 3, 'c1'))
    lab.kill()
    const second = await lab.start()
    expect(second.bans().length).toBe(1)
    lab.firewall.broken = false
    const before = lab.state.outbox.last()
    await lab.pass(61_000)
    expect(lab.told(before)).toEqual(['ban.added 192.0.2.1'])
    expect(await lab.enforced()).toEqual(['sshd 192.0.2.1'])
  })

  it('lifts what was lifted meanwhile, and tells nothing of bans that never were in force', async () => {
    const loop = await lab.start()
    await loop.order(lab.banOrder('192.0.2.9'))
    lab.firewall.broken = true
    await loop.order({
      kind: 'lift',
      id: 'o2',
      ip: '192.0.2.9',
      jail: null,
      by: 'alice',
      issuedAt: lab.clock.now(),
    })
    await loop.order(lab.banOrder('198.51.100.1', 'o3'))
    await loop.order({
      kind: 'lift',
      id: 'o4',
      ip: '198.51.100.1',
      jail: null,
      by: 'alice',
      issuedAt: lab.clock.now(),
    })
    const before = lab.state.outbox.last()
    lab.firewall.broken = false
    await lab.pass(61_000)
    expect(lab.told(before)).toContain('ban.lifted 192.0.2.9')
    expect(lab.told(before)).not.toContain('ban.added 198.51.100.1')
    expect(await lab.enforced()).toEqual([])
  })
})

describe('a disk that takes nothing', () => {
  it('does not stop banning; what waited is written in order when it does again', async () => {
    const loop = await lab.start()
    const before = lab.state.outbox.last()
    const other = new Database(join(lab.folder, 'state.db'))
    other.exec('BEGIN IMMEDIATE')
    await loop.take(FILE, lab.lines('192.0.2.1', 3, 'c1'))
    await loop.take(FILE, lab.lines('192.0.2.2', 3, 'c2'))
    expect(await lab.enforced()).toEqual(['sshd 192.0.2.1', 'sshd 192.0.2.2'])
    expect(lab.told(before)).toEqual([])
    other.exec('ROLLBACK')
    other.close()
    await lab.pass(1_000)
    expect(lab.told(before).filter((text) => text.startsWith('ban'))).toEqual([
      'ban.added 192.0.2.1',
      'ban.added 192.0.2.2',
    ])
    expect(lab.state.cursors.get(FILE)).toBe('c2')
    expect(lab.state.outbox.depth()).toBe(lab.state.outbox.read(0, 1_000).length)
  })
})

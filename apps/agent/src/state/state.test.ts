import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ban } from '@warder/core'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isSignedBy, keyFingerprint } from './identity.ts'
import { openState, type State } from './state.ts'

let folder: string
const opened: State[] = []
const open = () => {
  const state = openState(folder, 1_000)
  opened.push(state)
  return state
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warder-state-'))
})
afterEach(() => {
  for (const state of opened.splice(0)) state.close()
  rmSync(folder, { recursive: true })
})

const ban = (ip: string, until: number | null = 9_000): Ban => ({
  jail: 'sshd',
  ip,
  at: 1_000,
  until,
  origin: 'operator',
  by: 'alice',
})

describe('the state file', () => {
  it('can be read by its owner only, with what SQLite puts beside it', () => {
    open().bans.put(ban('192.0.2.1'))
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600)
  })

  it('is written whole or not at all', () => {
    const state = open()
    expect(() =>
      state.together(() => {
        state.bans.put(ban('192.0.2.1'))
        throw new Error('half-way')
      }),
    ).toThrow('half-way')
    expect(state.bans.all()).toEqual([])
    expect(state.together(() => 7)).toBe(7)
  })

  it('is put aside when it is broken, and a new one made', () => {
    writeFileSync(join(folder, 'state.db'), 'this is not a database, and long enough to tell'.repeat(100))
    const state = open()
    expect(state.aside).toBe(join(folder, 'state.db.broken-1000'))
    expect(state.bans.all()).toEqual([])
  })

  it('is not touched when a later release made it', () => {
    open().close()
    opened.pop()
    const db = new Database(join(folder, 'state.db'))
    db.pragma('user_version = 99')
    db.close()
    expect(open).toThrow('later release')
  })
})

describe('what it remembers', () => {
  it('bans: one per jail and address', () => {
    const { bans } = open()
    bans.put(ban('192.0.2.1'))
    bans.put(ban('192.0.2.1', null))
    bans.put(ban('192.0.2.2'))
    bans.remove('sshd', '192.0.2.2')
    bans.remove('sshd', '192.0.2.3')
    expect(open().bans.all()).toEqual([ban('192.0.2.1', null)])
  })

  it('failures: oldest first, without those of banned addresses, old ones and jails that are gone', () => {
    const { failures } = open()
    const failure = (jail: string, ip: string, at: number, user?: string) =>
      user === undefined ? { jail, ip, at, line: 'x' } : { jail, ip, at, line: 'x', user }
    failures.add(failure('sshd', '192.0.2.1', 30, 'root'))
    failures.add(failure('sshd', '192.0.2.1', 10))
    failures.add(failure('sshd', '192.0.2.1', 5))
    failures.add(failure('sshd', '192.0.2.2', 20))
    failures.add(failure('gone', '192.0.2.1', 20))
    failures.add(failure('sshd', '198.51.100.7', 20))
    failures.add(failure('web', '203.0.113.9', 20))
    failures.clearAll('sshd', ['192.0.2.2', '192.0.2.77'])
    failures.forget(['198.51.100.0/24'], null)
    failures.forget(null, 'web')
    failures.forget(['nonsense'], null)
    failures.prune('sshd', 10)
    failures.trim(['sshd'])
    expect(open().failures.all()).toEqual([
      failure('sshd', '192.0.2.1', 10),
      failure('sshd', '192.0.2.1', 30, 'root'),
    ])
  })

  it('past bans of an address', () => {
    const { offences } = open()
    offences.add([
      { jail: 'sshd', ip: '192.0.2.1', at: 10 },
      { jail: 'sshd', ip: '192.0.2.1', at: 20 },
      { jail: 'web', ip: '192.0.2.1', at: 30 },
    ])
    offences.add([{ jail: 'web', ip: '192.0.2.2', at: 5 }])
    expect(offences.of('192.0.2.1')).toEqual([
      { jail: 'web', ip: '192.0.2.1', bans: 1, lastAt: 30 },
      { jail: 'sshd', ip: '192.0.2.1', bans: 2, lastAt: 20 },
    ])
    expect(offences.all().map(({ jail, ip, bans }) => [jail, ip, bans])).toEqual([
      ['web', '192.0.2.2', 1],
      ['sshd', '192.0.2.1', 2],
      ['web', '192.0.2.1', 1],
    ])
    offences.prune(6)
    expect(offences.of('192.0.2.2')).toEqual([])
  })

  it('past bans that counted those of other jails, from their last failures on', () => {
    const { offences } = open()
    const limits = { maxretry: 1, findtime: 600 }
    const ticket = { failures: 1, first: 15, last: 15, offence: 5, ...limits, users: [], lines: [] }
    offences.add([{ jail: 'sshd', ip: '192.0.2.1', at: 20, ticket }])
    expect(offences.of('192.0.2.1')).toMatchObject([{ bans: 5, lastAt: 15 }])
    offences.add([{ jail: 'sshd', ip: '192.0.2.1', at: 30, ticket: { ...ticket, last: 25, offence: 9 } }])
    offences.add([{ jail: 'sshd', ip: '192.0.2.1', at: 40 }])
    expect(offences.of('192.0.2.1')).toMatchObject([{ bans: 10, lastAt: 40 }])
  })

  it.each<[string | null, string | null, number]>([
    ['192.0.2.1', null, 1],
    ['192.0.2.1', 'web', 2],
    ['192.0.2.0/24', null, 0],
    ['192.0.2.0/24', 'web', 1],
    [null, 'sshd', 2],
    [null, null, 0],
    ['198.51.100.0/24', null, 3],
  ])('forgets past bans of %s in %s', (target, jail, left) => {
    const { offences } = open()
    for (const [name, ip] of [
      ['sshd', '192.0.2.1'],
      ['web', '192.0.2.1'],
      ['web', '192.0.2.2'],
    ] as const) {
      offences.add([{ jail: name, ip, at: 10 }])
    }
    offences.forget(target === null ? null : [target], jail)
    expect(offences.all()).toHaveLength(left)
  })

  it('past bans of thousands, which are looked up and forgotten without looking at all of them for each', () => {
    const { offences } = open()
    const ips = Array.from({ length: 10_000 }, (_, i) => `198.18.${i >> 8}.${i & 255}`)
    offences.add(ips.map((ip) => ({ jail: 'sshd', ip, at: 10 })))
    expect(ips.every((ip) => offences.count('sshd', ip) === 1)).toBe(true)
    expect([offences.count('web', '198.18.0.1'), offences.count('sshd', '203.0.113.1')]).toEqual([0, 0])
    offences.forget(ips.slice(1), null)
    expect(offences.all()).toEqual([{ jail: 'sshd', ip: '198.18.0.0', bans: 1, lastAt: 10 }])
    offences.add(ips.map((ip) => ({ jail: 'sshd', ip, at: 20 })))
    offences.forget(null, null)
    expect(offences.all()).toEqual([])
  })

  it('cursors, orders, settings and what the firewall still has to do', () => {
    const state = open()
    state.cursors.put('journal', 'a')
    state.cursors.put('journal', 'b')
    state.orders.note('o1', 10)
    state.orders.note('o1', 11)
    state.orders.note('o2', 20)
    state.orders.prune(15)
    state.settings.put({ revision: 4, jails: { sshd: { maxretry: 3 } } })
    const effect = {
      kind: 'lift',
      jail: 'sshd',
      ip: '192.0.2.1',
      then: { kind: 'ban.expired', jail: 'sshd', ip: '192.0.2.1' },
    } as const
    state.pending.add([effect])
    const again = open()
    expect([again.cursors.get('journal'), again.cursors.get('/x')]).toEqual(['b', null])
    expect([again.orders.doneAt('o1'), again.orders.doneAt('o2')]).toEqual([null, 20])
    expect(again.settings.get()).toEqual({ revision: 4, jails: { sshd: { maxretry: 3 } } })
    expect(again.pending.all()).toEqual([effect])
    again.pending.clear()
    expect(again.pending.all()).toEqual([])
  })

  it('who it is: the same key over restarts, which signs so that others can check', () => {
    const { identity } = open()
    const again = open().identity
    expect(again.key).toBe(identity.key)
    expect(Buffer.from(identity.key, 'base64').length).toBe(32)
    const signature = again.sign('text')
    expect(isSignedBy(identity.key, 'text', signature)).toBe(true)
    expect(isSignedBy(identity.key, 'other', signature)).toBe(false)
    expect(isSignedBy('AAAA', 'text', signature)).toBe(false)
    expect(keyFingerprint(identity.key)).toMatch(/^[0-9a-f]{32}$/)
  })

  it('what the first welcome settled', () => {
    const { identity } = open()
    expect([identity.node(), identity.serverKey(), identity.joinedWith()]).toEqual([null, null, null])
    identity.settle({ node: 'pve1', serverKey: 'k', join: 'code' })
    identity.settle({ node: 'pve1-2', serverKey: 'k', join: null })
    const again = open().identity
    expect([again.node(), again.serverKey(), again.joinedWith()]).toEqual(['pve1-2', 'k', 'code'])
  })
})

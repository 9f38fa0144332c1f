import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ban } from './ban.ts'
import { BanList } from './ban-list.ts'

const banOf = (ip: string, until: number | null, jail = 'sshd'): Ban => ({
  jail,
  ip,
  at: 0,
  until,
  origin: 'detected',
})

describe('BanList', () => {
  it('holds one ban for each jail and target', () => {
    const bans = new BanList()
    expect(bans.add(banOf('192.0.2.1', 100))).toBe('ban.added')
    expect(bans.add(banOf('192.0.2.1', 100, 'nginx'))).toBe('ban.added')
    expect(bans.add(banOf('192.0.2.1', 100))).toBeNull()
    expect(bans.add(banOf('192.0.2.1', 99))).toBeNull()
    expect(bans.add(banOf('192.0.2.1', 101))).toBe('ban.extended')
    expect(bans.add(banOf('192.0.2.1', null))).toBe('ban.extended')
    expect(bans.add(banOf('192.0.2.1', null))).toBeNull()
    expect(bans.add(banOf('192.0.2.1', 1_000))).toBeNull()
    expect(bans.all()).toHaveLength(2)
    expect(bans.all('sshd')).toEqual([banOf('192.0.2.1', null)])
    expect(bans.all('none')).toEqual([])
    expect([bans.countOf('sshd'), bans.countOf('nginx'), bans.countOf('none')]).toEqual([1, 1, 0])
  })

  it('expires in order of the ends', () => {
    const bans = new BanList()
    for (const [ip, until] of [
      ['a', 300],
      ['b', 100],
      ['c', null],
      ['d', 200],
      ['e', 400],
    ] as const) {
      bans.add(banOf(ip, until))
    }
    expect(bans.nextExpiry()).toBe(100)
    expect(bans.expire(99)).toEqual([])
    expect(bans.expire(300).map((ban) => ban.ip)).toEqual(['b', 'd', 'a'])
    expect(bans.nextExpiry()).toBe(400)
    expect(bans.expire(1_000).map((ban) => ban.ip)).toEqual(['e'])
    expect(bans.nextExpiry()).toBeNull()
    expect(bans.all().map((ban) => ban.ip)).toEqual(['c'])
  })

  it('expires an extended ban at its new end only, and a lifted one never', () => {
    const bans = new BanList()
    bans.add(banOf('a', 100))
    bans.add(banOf('a', 500))
    bans.add(banOf('b', 200))
    expect(bans.delete('sshd', 'b')).toBe(true)
    expect(bans.delete('sshd', 'b')).toBe(false)
    expect(bans.nextExpiry()).toBe(500)
    expect(bans.expire(499)).toEqual([])
    expect(bans.expire(500).map((ban) => ban.ip)).toEqual(['a'])
  })

  it('stays small when one ban is extended for ever', () => {
    const bans = new BanList()
    for (let until = 1; until <= 10_000; until++) bans.add(banOf('a', until))
    expect(bans.nextExpiry()).toBe(10_000)
    expect(bans.expire(10_000)).toHaveLength(1)
  })

  it('does what a plain list would do', () => {
    const ip = fc.constantFrom('a', 'b', 'c')
    const until = fc.integer({ min: 1, max: 50 })
    const act = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), ip, until }),
      fc.record({ kind: fc.constant('delete' as const), ip }),
      fc.record({ kind: fc.constant('expire' as const), until }),
    )
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const bans = new BanList()
        const plain = new Map<string, number>()
        for (const one of acts) {
          if (one.kind === 'add') {
            bans.add(banOf(one.ip, one.until))
            plain.set(one.ip, Math.max(one.until, plain.get(one.ip) ?? 0))
          } else if (one.kind === 'delete') {
            expect(bans.delete('sshd', one.ip)).toBe(plain.delete(one.ip))
          } else {
            const ended = [...plain].filter(([, end]) => end <= one.until)
            expect(
              bans
                .expire(one.until)
                .map((ban) => ban.ip)
                .sort(),
            ).toEqual(ended.map(([gone]) => gone).sort())
            for (const [gone] of ended) plain.delete(gone)
          }
          expect(bans.nextExpiry()).toBe(plain.size === 0 ? null : Math.min(...plain.values()))
          expect(bans.countOf('sshd')).toBe(plain.size)
        }
      }),
    )
  })
})

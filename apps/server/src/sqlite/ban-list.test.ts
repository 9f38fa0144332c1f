import type { Ban } from '@warder/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLabDatabase, planOf, type LabDatabase } from './lab.ts'
import { termsOf } from '../events/words.ts'
import { NOON } from '../lab/server.ts'
import type { BanFilter } from '../bans/list-store.ts'
import { countSql, pageSql, whereOf } from './ban-list.ts'
import { BAN_SQL } from './ban-store.ts'

let lab: LabDatabase
let node: number
beforeEach(() => {
  lab = openLabDatabase()
  node = lab.stores.nodes.add({ name: 'pve1', cluster: null, enrolledAt: NOON })
})
afterEach(() => lab[Symbol.dispose]())

const ALL: BanFilter = { target: null, search: null, nodeId: null, jail: null, active: null, now: NOON }
const ban = (ip: string, over: Partial<Ban> = {}): Ban => ({
  jail: 'sshd',
  ip,
  at: NOON - 60_000,
  until: NOON + 60_000,
  origin: 'operator',
  ...over,
})
const add = (...bans: readonly Ban[]) => bans.forEach((one) => lab.stores.bans.add(node, one))
const ipsOf = (over: Partial<BanFilter>) =>
  lab.stores.banList.page({ ...ALL, ...over }, null, 500).map((row) => row.ban.ip)

describe('the list of bans', () => {
  it('finds what contains an address, and what is inside a subnet', () => {
    add(
      ban('192.0.2.1'),
      ban('192.0.2.0/24'),
      ban('192.0.0.0/16'),
      ban('198.51.100.1'),
      ban('2001:db8::/32'),
      ban('2001:db8::5'),
    )
    expect(ipsOf({ target: '192.0.2.1' }).toSorted()).toEqual(['192.0.0.0/16', '192.0.2.0/24', '192.0.2.1'])
    expect(ipsOf({ target: '192.0.2.9' }).toSorted()).toEqual(['192.0.0.0/16', '192.0.2.0/24'])
    expect(ipsOf({ target: '192.0.2.0/24' }).toSorted()).toEqual(['192.0.2.0/24', '192.0.2.1'])
    expect(ipsOf({ target: '0.0.0.0/0' })).toHaveLength(4)
    expect(ipsOf({ target: '2001:db8::5' }).toSorted()).toEqual(['2001:db8::/32', '2001:db8::5'])
    expect(ipsOf({ target: '::/0' })).toHaveLength(6)
    expect(ipsOf({ target: '203.0.113.1' })).toEqual([])
  })

  it('counts a ban whose time is over as not active, also before its node says so', () => {
    add(
      ban('192.0.2.1', { until: NOON }),
      ban('192.0.2.2', { until: NOON + 1 }),
      ban('192.0.2.3', { until: null }),
    )
    expect(ipsOf({ active: true }).toSorted()).toEqual(['192.0.2.2', '192.0.2.3'])
    expect(ipsOf({ active: false })).toEqual(['192.0.2.1'])
    expect(lab.stores.bans.counts(NOON)).toEqual({ bans: 2, addresses: 2 })
  })

  it('searches for a part of address, jail, user and node, literally', () => {
    const ticket = { failures: 5, first: 0, last: 0, maxretry: 5, findtime: 600, users: ['Admin'], lines: [] }
    add(ban('192.0.2.1', { ticket }), ban('198.51.100.1', { jail: 'proxmox' }), ban('203.0.113.9'))
    expect(ipsOf({ search: 'admin' })).toEqual(['192.0.2.1'])
    expect(ipsOf({ search: 'PROX' })).toEqual(['198.51.100.1'])
    expect(ipsOf({ search: '113.9' })).toEqual(['203.0.113.9'])
    expect(ipsOf({ search: 've1' })).toHaveLength(3)
    expect(ipsOf({ search: '%' })).toEqual([])
    expect(ipsOf({ search: '_' })).toEqual([])
    expect(ipsOf({ search: "' OR 1=1 --" })).toEqual([])
  })

  it('finds bans by words and beginnings of words in what is known of them', () => {
    const lines = ['Failed password for root from 192.0.2.1 port 22', 'öffentlich']
    const ticket = { failures: 5, first: 0, last: 0, maxretry: 5, findtime: 600, users: ['root'], lines }
    add(
      ban('192.0.2.1', { ticket }),
      ban('198.51.100.1', { jail: 'proxmox', origin: 'operator', by: 'ada', reason: 'Scans all day' }),
    )
    const by = (q: string) => ipsOf({ terms: termsOf(q) })
    expect(by('failed password')).toEqual(['192.0.2.1'])
    expect(by('"password for root"')).toEqual(['192.0.2.1'])
    expect(by('"for password"')).toEqual([])
    expect(by('192.0.*')).toEqual(['192.0.2.1'])
    expect(by('offentl*')).toEqual(['192.0.2.1'])
    expect(by('ada scans')).toEqual(['198.51.100.1'])
    expect(by('pve1')).toHaveLength(2)
    expect(by('failures')).toEqual([])
    expect(by('" OR 1=1 --')).toEqual([])
    expect(ipsOf({ terms: termsOf('pve1'), jail: 'proxmox' })).toEqual(['198.51.100.1'])
    const { bans } = lab.stores
    const open = bans.openAt({ nodeId: node, jail: 'proxmox', ip: '198.51.100.1' }) ?? 0
    bans.renew(open, ban('198.51.100.1', { jail: 'proxmox', origin: 'operator', by: 'bob', reason: 'x' }))
    expect([by('scans'), by('bob')]).toEqual([[], ['198.51.100.1']])
    bans.end(open, { at: NOON, how: 'lifted', by: 'bob' })
    expect(bans.forget(NOON + 1, 10)).toBe(1)
    expect(by('bob')).toEqual([])
  })

  it('pages without losing or doubling rows of the same moment', () => {
    add(...Array.from({ length: 25 }, (_, i) => ban(`192.0.2.${i}`, { at: NOON - (i % 3) })))
    const seen: string[] = []
    for (let after = null as { at: number; id: number } | null; ;) {
      const rows = lab.stores.banList.page(ALL, after, 4)
      seen.push(...rows.map((row) => row.ban.ip))
      const last = rows.at(-1)
      if (!last) break
      after = { at: last.ban.at, id: last.id }
    }
    expect(new Set(seen).size).toBe(25)
    expect(seen).toHaveLength(25)
  })

  it('takes every page of 100,000 active bans quickly', () => {
    lab.stores.transaction(() => {
      for (let i = 0; i < 100_000; i++)
        add(ban(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, { at: NOON - i }))
    })
    const quickly = (work: () => unknown, limitMs: number): void => {
      const began = performance.now()
      work()
      expect(performance.now() - began).toBeLessThan(limitMs)
    }
    const middle = { at: NOON - 50_000, id: 50_001 }
    quickly(() => lab.stores.banList.page({ ...ALL, active: true }, null, 101), 100)
    quickly(() => lab.stores.banList.page({ ...ALL, active: true }, middle, 101), 100)
    quickly(() => lab.stores.banList.page({ ...ALL, target: '10.1.2.3' }, null, 101), 100)
    quickly(() => lab.stores.banList.page({ ...ALL, target: '10.1.2.0/24' }, null, 101), 100)
    quickly(() => lab.stores.banList.count({ ...ALL, active: true }), 500)
    quickly(() => lab.stores.bans.counts(NOON), 1_000)
    quickly(() => lab.stores.bans.activeByJail(node, NOON), 500)
    quickly(() => lab.stores.banList.page({ ...ALL, search: 'nothing like this' }, null, 101), 1_500)
    quickly(() => lab.stores.banList.page({ ...ALL, terms: termsOf('10.1.2.*') }, null, 101), 500)
  }, 180_000)

  it.each([
    ['everything', {}, 'bans_by_time'],
    ['active ones', { active: true }, 'bans_open '],
    ['of a node', { nodeId: 1 }, 'bans_by_node'],
    ['active of a node', { nodeId: 1, active: true }, 'bans_open_by_node'],
    ['of a jail', { jail: 'sshd' }, 'bans_by_jail'],
    ['active of a jail', { jail: 'sshd', active: true }, 'bans_open_by_jail'],
    ['inside a subnet', { target: '192.0.2.0/24' }, 'bans_by_range'],
    ['around an address', { target: '192.0.2.1' }, 'bans_by_range'],
    ['active inside a subnet', { target: '192.0.2.0/24', active: true }, 'bans_open_by_range'],
    ['active around an address', { target: '192.0.2.1', active: true }, 'bans_by_range'],
  ])('reads a page of %s from an index', (_name, over, index) => {
    const where = whereOf({ ...ALL, ...over })
    expect(planOf(lab.db, pageSql(where), [...where.params, 101])).toContain(`INDEX ${index}`)
    expect(planOf(lab.db, countSql(where), where.params)).not.toMatch(/SCAN bans$/m)
  })

  it.each([
    ['everything', {}],
    ['active ones', { active: true }],
    ['active of a node', { nodeId: 1, active: true }],
    ['active of a jail', { jail: 'sshd', active: true }],
  ])('needs no sorting for %s, also behind a cursor', (_name, over) => {
    const where = whereOf({ ...ALL, ...over }).and('(at, bans.id) < (?, ?)', NOON, 5)
    expect(planOf(lab.db, pageSql(where), [...where.params, 101])).not.toContain('TEMP B-TREE')
  })

  it.each([
    ['open', 'bans_by_ip'],
    ['activeByJail', 'bans_open_by_node'],
    ['activeInside', 'bans_open_by_range'],
    ['counts', 'bans_open'],
    ['endOld', 'bans_open'],
    ['forget', 'bans_open'],
  ] as const)('answers "%s" from %s', (name, index) => {
    expect(planOf(lab.db, BAN_SQL[name])).toContain(index)
  })
})

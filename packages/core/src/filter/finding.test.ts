import { describe, expect, it } from 'vitest'
import { addressOf, fillAlternatives, identityOf, userOf } from './finding.ts'

const capturesOf = (captures: Record<string, string>): ReadonlyMap<string, string> =>
  new Map(Object.entries(captures))

describe('the address that was captured', () => {
  it.each<[Record<string, string>, string | null]>([
    [{ ip4: '192.0.2.1' }, '192.0.2.1'],
    [{ ip6: '2001:DB8::1' }, '2001:db8::1'],
    [{ ip4: '999.1.1.1' }, null],
    [{ dns: 'host.example' }, null],
    [{ dns: '192.0.2.1' }, '192.0.2.1'],
    [{ fid: 'bob' }, null],
    [{ fid: 'bob', ip4: '192.0.2.1' }, '192.0.2.1'],
    [{ ip4: '192.0.2.77', cidr: '24' }, '192.0.2.0/24'],
    [{ ip4: '192.0.2.77', cidr: '99' }, '192.0.2.77'],
    [{ ip6: '2001:db8::1', cidr: '64' }, '2001:db8::/64'],
    [{ user: 'bob' }, null],
  ])('%j → %s', (captures, ip) => {
    expect(addressOf(capturesOf(captures))).toBe(ip)
  })
})

describe('the user that was captured', () => {
  it.each<[Record<string, string>, string | null]>([
    [{ user: 'bob' }, 'bob'],
    [{ user: '', alt_user: 'eve' }, 'eve'],
    [{ alt_user_2: 'b', alt_user_1: 'a' }, 'a'],
    [{ alt_user: '', alt_user_1: 'a' }, 'a'],
    [{ alt_user1: 'a' }, null],
    [{ user: '' }, null],
    [{}, null],
  ])('%j → %s', (captures, user) => {
    expect(userOf(fillAlternatives(capturesOf(captures)))).toBe(user)
  })
})

describe('who is counted', () => {
  it.each<[Record<string, string>, string | null]>([
    [{ ip4: '192.0.2.1' }, '192.0.2.1'],
    [{ ip6: '2001:DB8::1' }, '2001:db8::1'],
    [{ ip4: '999.1.1.1' }, '999.1.1.1'],
    [{ dns: 'host.example' }, 'host.example'],
    [{ fid: 'bob', ip4: '192.0.2.1' }, 'bob'],
    [{ fid: '1', tuple_id_1: '3', tuple_id: "it's" }, `('1', "it's", '3')`],
    [{ tuple_id: '1' }, "(None, '1')"],
    [{ alt_id: 'eve' }, 'eve'],
    [{ user: 'bob' }, null],
  ])('%j → %s', (captures, id) => {
    expect(identityOf(fillAlternatives(capturesOf(captures)))).toBe(id)
  })
})

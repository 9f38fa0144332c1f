import { describe, expect, it } from 'vitest'
import { counterName, kindOf, SET_KINDS, setName } from './nft-names.ts'

describe('the names of nft sets', () => {
  it.each([
    ['sshd', 'v4-sshd'],
    ['nginx-http-auth', 'v4-nginx-http-auth'],
    ['a.b_c', 'v4-a.b_c'],
    ['a'.repeat(28), `v4-${'a'.repeat(28)}`],
  ])('%s', (jail, name) => {
    expect(setName('v4', jail)).toBe(name)
  })

  it('are never longer than a kernel takes, and never the same for two jails', () => {
    const jails = [
      ...['a'.repeat(29), 'a'.repeat(64), `${'a'.repeat(63)}b`, 'h-a', 'h', 'sshd', '4-sshd'],
      setName('v4', 'a'.repeat(64)),
    ]
    const names = jails.flatMap((jail) => [
      ...SET_KINDS.map((kind) => setName(kind, jail)),
      counterName(jail),
    ])
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => name.length > 31)).toEqual([])
  })

  it('are not made of what is no jail', () => {
    expect(() => setName('v4', 'x; flush ruleset')).toThrow('not a jail')
    expect(() => setName('v4', '-x')).toThrow('not a jail')
  })

  it.each([
    ['192.0.2.1', 'v4'],
    ['192.0.2.0/24', 'n4'],
    ['2001:db8::1', 'v6'],
    ['2001:db8::/32', 'n6'],
    ['192.0.2.1-192.0.2.3', 'n4'],
    ['2001:db8::1-2001:db8::3', 'n6'],
  ])('%s belongs to a set of kind %s', (ip, kind) => {
    expect(kindOf(ip)).toBe(kind)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contains, parseTarget } from './cidr.ts'
import { readV4Number } from './address.ts'
import { TargetSet } from './target-set.ts'

const SET = [
  '192.0.2.0/24',
  '192.0.2.128/25',
  '192.0.2.200',
  '2001:db8::/32',
  '2001:db8:1::/48',
  '198.51.100.7',
]

describe('TargetSet', () => {
  it.each([
    ['192.0.2.1', '192.0.2.0/24'],
    ['192.0.2.129', '192.0.2.128/25'],
    ['192.0.2.200', '192.0.2.200'],
    ['192.0.3.1', null],
    ['192.0.2.0/26', '192.0.2.0/24'],
    ['192.0.0.0/16', null],
    ['2001:db8:2::1', '2001:db8::/32'],
    ['2001:db8:1:2::3', '2001:db8:1::/48'],
    ['::ffff:192.0.2.200', '192.0.2.200'],
    ['2001:db9::1', null],
    ['nonsense', null],
  ])('finds the narrowest entry around %s: %s', (ip, entry) => {
    const set = new TargetSet(SET)
    expect(set.match(ip)).toBe(entry)
    expect(set.has(ip)).toBe(entry !== null)
  })

  it.each([
    ['192.0.2.129', '192.0.2.128/25'],
    ['192.0.0.0/16', '192.0.2.200'],
    ['198.51.100.0/24', '198.51.100.7'],
    ['2001::/16', '2001:db8:1::/48'],
    ['203.0.113.0/24', null],
    ['nonsense', null],
  ])('finds an entry that shares an address with %s: %s', (target, entry) => {
    expect(new TargetSet(SET).overlap(target)).toBe(entry)
  })

  it('leaves out what is neither address nor subnet', () => {
    const set = new TargetSet()
    expect(set.add('host.example')).toBe(false)
    expect(set.add('192.0.2.1')).toBe(true)
    expect(set.size).toBe(1)
  })

  it('takes out exactly what is named', () => {
    const set = new TargetSet(SET)
    expect(set.delete('192.0.2.0/25')).toBe(false)
    expect(set.delete('192.0.2.0/24')).toBe(true)
    expect(set.delete('192.0.2.0/24')).toBe(false)
    expect(set.delete('nonsense')).toBe(false)
    expect(set.match('192.0.2.1')).toBeNull()
    expect(set.match('192.0.2.129')).toBe('192.0.2.128/25')
    expect(set.size).toBe(SET.length - 1)
  })

  it('counts an entry once, however it is spelt', () => {
    const set = new TargetSet(['192.0.2.1', '192.0.2.1/32', '::ffff:192.0.2.1'])
    expect(set.size).toBe(1)
  })

  it('answers as a look at every entry would', () => {
    const near = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 255 }))
    const address = near.map(([net, host]) => `192.0.${net}.${host}`)
    const target = fc
      .tuple(address, fc.integer({ min: 20, max: 32 }))
      .map(([ip, prefix]) => `${ip}/${prefix}`)
    fc.assert(
      fc.property(fc.array(target, { maxLength: 20 }), address, (entries, ip) => {
        const found = new TargetSet(entries).match(ip)
        const around = entries.map((entry) => parseTarget(entry) ?? '').filter((entry) => contains(entry, ip))
        expect(found === null).toBe(around.length === 0)
        if (found !== null) expect(around.every((entry) => contains(entry, found))).toBe(true)
      }),
    )
  })
})

describe('an IPv4 address as a number', () => {
  it('lies in the same sets as its text', () => {
    const quad = fc.tuple(fc.constantFrom(10, 192, 255), fc.nat(255), fc.constantFrom(0, 128), fc.nat(255))
    const address = quad.map((parts) => parts.join('.'))
    const entry = fc.tuple(address, fc.integer({ min: 0, max: 32 })).map(([ip, prefix]) => `${ip}/${prefix}`)
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), address, (entries, ip) => {
        const set = new TargetSet([...entries, '::/0'])
        expect(set.hasV4(readV4Number(ip))).toBe(set.has(ip))
      }),
    )
  })

  it.each(['192.0.2.1.', '.192.0.2', '192.0.2', '192..0.2', '01.2.3.4', '1.2.3.256', '1.2.3.4.5', '::1', ''])(
    '%j is none',
    (text) => {
      expect(readV4Number(text)).toBe(-1)
    },
  )
})

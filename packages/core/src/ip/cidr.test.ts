import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contains, familyOf, isLoopback, isPrivate, isSubnet, parseTarget } from './cidr.ts'

describe('parseTarget', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1/32', '192.0.2.1'],
    ['192.0.2.77/24', '192.0.2.0/24'],
    ['192.0.2.77/30', '192.0.2.76/30'],
    ['192.0.2.77/17', '192.0.0.0/17'],
    ['192.0.2.77/1', '128.0.0.0/1'],
    ['192.0.2.77/0', '0.0.0.0/0'],
    ['192.0.2.1/255.255.0.0', '192.0.0.0/16'],
    ['192.0.2.1/255.255.255.255', '192.0.2.1'],
    ['192.0.2.1/0.0.0.0', '0.0.0.0/0'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:DB8::1/64', '2001:db8::/64'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['2001:db8:ffff::/33', '2001:db8:8000::/33'],
    ['::/0', '::/0'],
    ['::ffff:192.0.2.77/120', '192.0.2.0/24'],
    ['::ffff:192.0.2.77/128', '192.0.2.77'],
    ['::ffff:192.0.2.77/95', '::fffe:0:0/95'],
  ])('%s → %s', (text, canonical) => {
    expect(parseTarget(text)).toBe(canonical)
  })

  it.each([
    '',
    '/',
    '/24',
    '192.0.2.0/',
    '192.0.2.0/33',
    '192.0.2.0/-1',
    '192.0.2.0/024',
    '192.0.2.0/2 ',
    '192.0.2.0/24/24',
    '192.0.2.0/255.0.255.0',
    '192.0.2.0/0.0.0.255',
    '2001:db8::/129',
    '2001:db8::/255.255.0.0',
    'host.example/24',
    '999.1.1.1/24',
  ])('refuses %j', (text) => {
    expect(parseTarget(text)).toBeNull()
  })

  it('gives its own spelling back', () => {
    const subnet = fc
      .tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 }))
      .map(([ip, prefix]) => `${ip}/${prefix}`)
    fc.assert(
      fc.property(subnet, (text) => {
        const canonical = parseTarget(text) ?? ''
        expect(parseTarget(canonical)).toBe(canonical)
        expect(contains(text, canonical)).toBe(true)
      }),
    )
  })
})

describe('contains', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.77', true],
    ['192.0.2.0/24', '192.0.3.1', false],
    ['192.0.2.0/24', '192.0.2.0/25', true],
    ['192.0.2.0/25', '192.0.2.0/24', false],
    ['192.0.2.0/24', '192.0.2.0/24', true],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '192.0.2.1', false],
    ['::/0', '2001:db8::1', true],
    ['0.0.0.0/0', '::ffff:192.0.2.1', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/33', '2001:db8:ffff::1', false],
    ['127.0.0.1/8', '127.9.9.9', true],
    ['nonsense', '192.0.2.1', false],
    ['192.0.2.0/24', 'nonsense', false],
  ])('%s contains %s: %s', (outer, inner, expected) => {
    expect(contains(outer, inner)).toBe(expected)
  })
})

describe('what a target is', () => {
  it.each([
    ['192.0.2.1', 4, false, false, false],
    ['192.0.2.0/24', 4, true, false, false],
    ['2001:db8::1', 6, false, false, false],
    ['2001:db8::/32', 6, true, false, false],
    ['127.0.0.1', 4, false, true, false],
    ['127.0.0.0/8', 4, true, true, false],
    ['126.0.0.0/7', 4, true, false, false],
    ['::1', 6, false, true, false],
    ['10.0.0.1', 4, false, false, true],
    ['172.16.0.1', 4, false, false, true],
    ['172.32.0.1', 4, false, false, false],
    ['192.168.1.0/24', 4, true, false, true],
    ['169.254.1.1', 4, false, false, true],
    ['fe80::1', 6, false, false, true],
    ['fd00::1', 6, false, false, true],
    ['0.0.0.0/0', 4, true, false, false],
  ])('%s: family %i, subnet %s, loopback %s, private %s', (target, family, subnet, loopback, local) => {
    expect(familyOf(target)).toBe(family)
    expect(isSubnet(target)).toBe(subnet)
    expect(isLoopback(target)).toBe(loopback)
    expect(isPrivate(target)).toBe(local)
  })
})

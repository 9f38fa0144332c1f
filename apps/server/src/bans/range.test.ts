import { describe, expect, it } from 'vitest'
import { networksAround, rangeOf } from './range.ts'

describe('ranges', () => {
  it.each([
    ['192.0.2.1', '00000000000000000000ffffc0000201', '00000000000000000000ffffc0000201'],
    ['192.0.2.0/24', '00000000000000000000ffffc0000200', '00000000000000000000ffffc00002ff'],
    ['192.0.2.128/25', '00000000000000000000ffffc0000280', '00000000000000000000ffffc00002ff'],
    ['0.0.0.0/0', '00000000000000000000ffff00000000', '00000000000000000000ffffffffffff'],
    ['2001:db8::1', '20010db8000000000000000000000001', '20010db8000000000000000000000001'],
    ['2001:db8::/33', '20010db8000000000000000000000000', '20010db87fffffffffffffffffffffff'],
    ['::/0', '0'.repeat(32), 'f'.repeat(32)],
  ])('%s is from %s to %s', (target, first, last) => {
    expect(rangeOf(target)).toEqual({ first, last })
  })

  it('has none for what is no target', () => {
    expect(rangeOf('nonsense')).toBeNull()
    expect(networksAround('nonsense')).toEqual([])
  })

  it.each([
    ['192.0.2.77', 'v4: every prefix length once, fewer where zeros repeat', 33],
    ['2001:db8::1', 'v6', 129],
  ])('%s (%s) lies in at most as many networks as there are prefixes', (target, _why, most) => {
    const firsts = networksAround(target)
    expect(firsts.length).toBeLessThanOrEqual(most)
    expect(firsts).toContain(rangeOf(target)?.first)
  })

  it('finds where every subnet around an address begins', () => {
    const firsts = networksAround('192.0.2.77')
    for (let prefix = 0; prefix <= 32; prefix++) {
      // `rangeOf` clears host bits by another way.
      expect(firsts).toContain(rangeOf(`192.0.2.77/${prefix}`)?.first)
    }
    for (let prefix = 0; prefix <= 128; prefix++) {
      expect(networksAround('2001:db8:1:2:3:4:5:6')).toContain(
        rangeOf(`2001:db8:1:2:3:4:5:6/${prefix}`)?.first,
      )
    }
  })
})

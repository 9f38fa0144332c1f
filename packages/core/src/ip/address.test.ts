import fc from 'fast-check'
import { isIPv4, isIPv6 } from 'node:net'
import { describe, expect, it } from 'vitest'
import { parseAddress } from './address.ts'

describe('parseAddress gives an address its one spelling', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['::', '::'],
    ['::1', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['fe80::', 'fe80::'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['::fffe:ffff:1', '::fffe:ffff:1'],
    ['::ffff:0:0:1', '::ffff:0:0:1'],
    ['::192.0.2.1', '::c000:201'],
  ])('%s → %s', (text, canonical) => {
    expect(parseAddress(text)).toBe(canonical)
  })
})

describe('parseAddress refuses what is not exactly an address', () => {
  it.each([
    '',
    ' ',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.4.',
    '.1.2.3.4',
    '1..2.3',
    '999.1.1.1',
    '256.0.0.1',
    '192.0.2.01',
    '00.0.0.0',
    '0x7f.0.0.1',
    '3232235777',
    '192.0.2.1 ',
    ' 192.0.2.1',
    '192.0.2.1\n',
    '192.0.2.1/32',
    '192.0.2.1:22',
    '[2001:db8::1]',
    'fe80::1%eth0',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    '12345::',
    '2001:db8::g',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '::ffff:999.1.1.1',
    '::ffff:192.0.2.01',
    '192.0.2.1::',
    '1.2.3.4::5',
    '١٩٢.0.2.1',
    'host.example',
    'x'.repeat(100),
  ])('%j', (text) => {
    expect(parseAddress(text)).toBeNull()
  })
})

describe('parseAddress agrees with the system', () => {
  it('accepts every IPv4 address as it is', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(parseAddress(text)).toBe(text)
      }),
    )
  })

  it('spells an address as it spells its own spelling', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const canonical = parseAddress(text) ?? ''
        expect(isIPv4(canonical) || isIPv6(canonical)).toBe(true)
        expect(parseAddress(canonical)).toBe(canonical)
      }),
    )
  })

  it('takes nothing that the system would not take', () => {
    const nearly = fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.::..'), maxLength: 46 })
    fc.assert(
      fc.property(nearly, (text) => {
        expect(parseAddress(text) !== null).toBe(isIPv4(text) || isIPv6(text))
      }),
      { numRuns: 2_000 },
    )
  })
})

import { describe, expect, it } from 'vitest'
import { readAddressOrText } from './address.ts'

describe("fail2ban's way to read an address", () => {
  it.each([
    ['192.0.2.1', '192.0.2.1', true],
    ['[2001:DB8::1]', '2001:db8::1', true],
    ['192.0.2.77/24', '192.0.2.0/24', false],
    ['192.0.2.77/024', '192.0.2.0/24', false],
    ['192.0.2.77/255.255.255.0', '192.0.2.0/24', false],
    ['2001:db8::1/ffff:ffff::', '2001:db8::/32', false],
    ['192.0.2.1/32', '192.0.2.1', true],
    // a prefix that the address has no room for is left out
    ['192.0.2.1/33', '192.0.2.1', false],
    ['0.0.0.0/0', '0.0.0.0/0', false],
  ])('%s is the target %s', (text, target, single) => {
    expect(readAddressOrText(text)).toEqual({ kind: 'target', target, single })
  })

  it.each([
    ['host.example', 'host.example'],
    ['192.0.2.01', '192.0.2.01'],
    ['999.0.0.1/24', '999.0.0.1'],
    ['1.2.3/24', '1.2.3/24'],
    ['192.0.2.1/', '192.0.2.1/'],
    ['', ''],
  ])('%j is the text %j', (text, kept) => {
    expect(readAddressOrText(text)).toEqual({ kind: 'text', text: kept })
  })

  it.each(['192.0.2.1/255.0.255.0', '2001:db8::1/0.0.0.255'])('%s is refused', (text) => {
    expect(readAddressOrText(text).kind).toBe('refused')
  })
})

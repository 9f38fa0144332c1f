import { describe, expect, it } from 'vitest'
import { parseAddress } from '../ip/address.ts'
import { Suspects } from './suspects.ts'

describe('remembered addresses', () => {
  it('are what their spellings would be worked out to, the first time and later', () => {
    const suspects = new Suspects()
    const texts = [
      ...[
        '192.0.2.1',
        '::ffff:192.0.2.1',
        '::FFFF:192.0.2.1',
        '::ffff:c000:201',
        '255.255.255.255',
        '0.0.0.0',
      ],
      ...['2001:DB8::1', '999.1.1.1', '::ffff:999.1.1.1', '::ffff:192.0.2', '::ffff:', '', 'x'.repeat(99)],
    ]
    for (const text of [...texts, ...texts])
      expect(suspects.look(text)?.ip ?? null, text).toBe(parseAddress(text))
  })

  it('are the same however they come over an IPv6 socket, and told apart from others', () => {
    const suspects = new Suspects()
    const suspect = suspects.look('192.0.2.1')
    expect(suspects.look('::ffff:192.0.2.1')).toBe(suspect)
    expect(suspects.look('192.0.2.1')).toBe(suspect)
    expect(suspects.look('192.0.2.2')).not.toBe(suspect)
    expect(suspects.look('2001:db8::1')).toBe(suspects.look('2001:db8::1'))
  })

  it('stay true when there are more than it has room for', () => {
    const suspects = new Suspects()
    const v4 = Array.from({ length: 20_000 }, (_, i) => `192.0.${i >> 8}.${i & 255}`)
    const v6 = v4.map((_, i) => `2001:db8::${(i + 1).toString(16)}`)
    expect([...v4, ...v6].every((text) => suspects.look(text)?.ip === text)).toBe(true)
  })
})

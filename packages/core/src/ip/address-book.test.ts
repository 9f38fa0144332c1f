import { describe, expect, it } from 'vitest'
import { parseAddress } from './address.ts'
import { AddressBook } from './address-book.ts'

describe('remembered spellings of addresses', () => {
  it('are what they would be worked out to, the first time and later', () => {
    const book = new AddressBook()
    const texts = ['192.0.2.1', '::ffff:192.0.2.1', '2001:DB8::1', '999.1.1.1', '', 'x'.repeat(99)]
    for (const text of [...texts, ...texts]) expect(book.look(text, parseAddress)).toBe(parseAddress(text))
  })

  it('are worked out once', () => {
    const book = new AddressBook()
    let asked = 0
    const read = (text: string): string => `${text}${++asked}`
    expect([book.look('a', read), book.look('a', read), book.look('b', read)]).toEqual(['a1', 'a1', 'b2'])
  })

  it('stay true when there are more than it has room for', () => {
    const book = new AddressBook()
    const texts = Array.from({ length: 20_000 }, (_, i) => `192.0.${i >> 8}.${i & 255}`)
    expect(texts.every((text) => book.look(text, parseAddress) === parseAddress(text))).toBe(true)
  })
})

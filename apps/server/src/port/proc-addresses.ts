import { parseAddress } from '@warder/core'

/** `/proc/net/fib_trie` → the IPv4 addresses of this machine, loopback left out. */
export function ipv4OfTrie(trie: string): readonly string[] {
  const found = [...trie.matchAll(/\|-- ([\d.]+)\n\s+\/32 host LOCAL/g)].map(([, address]) => address ?? '')
  return [...new Set(found)].filter((address) => !address.startsWith('127.'))
}

/** `/proc/net/if_inet6` → the IPv6 addresses of this machine that other networks can use. */
export function ipv6OfTable(table: string): readonly string[] {
  return (
    table
      .split('\n')
      .map((line) => line.split(/\s+/))
      // The fourth number is the scope: 00 is global.
      .filter(([, , , scope]) => scope === '00')
      .flatMap(([digits = '']) => parseAddress(digits.replace(/(....)(?=.)/g, '$1:')) ?? [])
  )
}

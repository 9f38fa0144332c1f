import { expect, it } from 'vitest'
import { ipv4OfTrie, ipv6OfTable } from './proc-addresses.ts'

const TRIE = `Main:
  +-- 0.0.0.0/0 3 0 5
     +-- 127.0.0.0/8 2 0 2
           |-- 127.0.0.1
              /32 host LOCAL
        |-- 127.255.255.255
           /32 link BROADCAST
     |-- 192.0.2.0
        /24 link UNICAST
     |-- 192.0.2.10
        /32 host LOCAL
     |-- 192.0.2.255
        /32 link BROADCAST
Local:
     |-- 192.0.2.10
        /32 host LOCAL
     |-- 198.51.100.7
        /32 host LOCAL
`

it('reads the IPv4 addresses of this machine from the kernel, each once', () => {
  expect(ipv4OfTrie(TRIE)).toEqual(['192.0.2.10', '198.51.100.7'])
  expect(ipv4OfTrie('')).toEqual([])
})

it('reads the IPv6 addresses that other networks can use', () => {
  const table = `00000000000000000000000000000001 01 80 10 80       lo
fe800000000000000000000000000001 02 40 20 80     eth0
20010db8000000000000000000000010 02 40 00 80     eth0
`
  expect(ipv6OfTable(table)).toEqual(['2001:db8::10'])
  expect(ipv6OfTable('nonsense\n')).toEqual([])
})

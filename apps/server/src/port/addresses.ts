import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { ipv4OfTrie, ipv6OfTable } from './proc-addresses.ts'

/** Each address of this machine that other machines can use. */
export function addressesOfMachine(): readonly string[] {
  const asked = askKernel()
  return asked ?? [...ipv4OfTrie(read('/proc/net/fib_trie')), ...ipv6OfTable(read('/proc/net/if_inet6'))]
}

/** Null where the process may not ask (its unit leaves it no netlink): then files say it. */
function askKernel(): readonly string[] | null {
  try {
    return Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
      .map(({ address }) => address)
  } catch {
    return null
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

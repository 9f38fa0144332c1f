import { parseAddress } from '@warder/core'

const UP = 0x1
const VIA_GATEWAY = 0x2
/** A node has a few default routes; more lines than this are not looked at. */
const LINES_LIMIT = 20_000

/** Where the node's packets go that go nowhere else, and through which interface. */
export interface Gateway {
  readonly address: string
  readonly interface: string
}

const rowsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n', LINES_LIMIT)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length > 1)

const isThere = (flags: string | undefined): boolean => {
  const bits = Number.parseInt(flags ?? '', 16)
  return (bits & UP) !== 0 && (bits & VIA_GATEWAY) !== 0
}

/** `/proc/net/route` → the default gateways. Numbers in it have the byte order of the machine: the last byte first. */
export function parseRoutes4(text: string): readonly Gateway[] {
  return rowsOf(text).flatMap(([name = '', destination, gateway = '', flags, , , , mask]) => {
    if (destination !== '00000000' || mask !== '00000000' || !isThere(flags)) return []
    const bytes = gateway.match(/[0-9a-f]{2}/gi) ?? []
    const address = parseAddress(
      bytes
        .toReversed()
        .map((byte) => Number.parseInt(byte, 16))
        .join('.'),
    )
    return address === null ? [] : [{ address, interface: name }]
  })
}

/** `/proc/net/ipv6_route` → the default gateways. */
export function parseRoutes6(text: string): readonly Gateway[] {
  return rowsOf(text).flatMap((fields) => {
    const [destination = '', length, , , next = '', , , , flags, name = ''] = fields
    if (!/^0{32}$/.test(destination) || length !== '00' || !isThere(flags)) return []
    const address = parseAddress((next.match(/[0-9a-f]{4}/gi) ?? []).join(':'))
    return address === null ? [] : [{ address, interface: name }]
  })
}

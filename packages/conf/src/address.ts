import { familyOf, isSubnet, parseAddress, parseTarget } from '@warder/core'

/** An address or subnet as fail2ban's configuration writes it. */
export type AddressRead =
  /** A canonical target of ours. `single`: written as one address, and not with a prefix that it has no room for. */
  | { readonly kind: 'target'; readonly target: string; readonly single: boolean }
  /** Neither: a host name, or any text. */
  | { readonly kind: 'text'; readonly text: string }
  /** fail2ban refuses it, and with it the whole configuration. */
  | { readonly kind: 'refused'; readonly reason: string }

/** What fail2ban looks at as an address with a mask, valid or not. */
const LOOSE = '[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|(?:[0-9a-fA-F]{1,4}::?|:){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):)'
const MASKED = new RegExp(`^(${LOOSE})/([0-9]+|${LOOSE})$`)

const bitsOf = (address: string): number => (familyOf(address) === 4 ? 32 : 128)

/** `255.255.0.0` → 16, `ffff:ffff::` → 32; null when the ones are not all in front. */
function prefixOfMask(mask: string): number | null {
  const wanted = parseAddress(mask)
  if (wanted === null) return null
  const ones = familyOf(wanted) === 4 ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'
  for (let prefix = 0; prefix <= bitsOf(wanted); prefix++) {
    if (parseTarget(`${ones}/${prefix}`)?.replace(/\/.*/, '') === wanted) return prefix
  }
  return null
}

/**
 * An address, a subnet or any text of fail2ban's `ignoreip`. Brackets around an address are dropped, a prefix may have
 * leading zeros, and one that is longer than the address is left out. A mask with gaps is refused.
 */
export function readAddressOrText(text: string): AddressRead {
  const bare = text.length > 2 && text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  const [, address = bare, mask] = MASKED.exec(bare) ?? []
  const single = parseAddress(address)
  if (mask === undefined)
    return single === null ? { kind: 'text', text: bare } : { kind: 'target', target: single, single: true }
  const prefix = /^[0-9]+$/.test(mask) ? Number(mask) : prefixOfMask(mask)
  if (prefix === null) return { kind: 'refused', reason: `${mask} is no mask: its ones are not all in front` }
  if (single === null) return { kind: 'text', text: address }
  if (prefix > bitsOf(address)) return { kind: 'target', target: single, single: false }
  const target = parseTarget(`${address}/${prefix}`) ?? single
  return { kind: 'target', target, single: !isSubnet(target) }
}

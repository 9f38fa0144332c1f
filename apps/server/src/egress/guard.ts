import { contains, parseAddress, readTarget } from '@warder/core'
import { classOf, type AddressClass } from './address-class.ts'

/** Whom the operator of this machine allows to be reached in private networks: names, addresses, subnets. */
export interface Allowed {
  readonly names: ReadonlySet<string>
  readonly targets: readonly string[]
}

/** `private_hosts` of server.toml → what it allows. */
export function readAllowed(hosts: readonly string[]): Allowed {
  const targets = hosts.filter((host) => readTarget(host) !== null)
  const names = hosts.filter((host) => readTarget(host) === null).map(nameOf)
  return { names: new Set(names), targets }
}

/** A host as it is compared: small letters, without brackets and the dot at its end. */
export const nameOf = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')

const WORDS: Readonly<Record<Exclude<AddressClass, 'public'>, string>> = {
  private: 'an address of a private network',
  loopback: 'this machine itself',
  'link-local': 'a link-local address, where clouds keep their metadata',
  special: 'an address at which nobody on the internet is reached',
}

export type Admission =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly message: string; readonly remedy: string }

/**
 * Which of the addresses of a host may be connected to. `alsoPrivate`: private networks and loopback are fine for
 * what is asked (mail on its own ports).
 */
export function admit(
  host: string,
  found: readonly string[],
  { allowed, alsoPrivate = false }: { readonly allowed: Allowed; readonly alsoPrivate?: boolean },
): Admission {
  const named = allowed.names.has(nameOf(host))
  const may = (address: string): boolean => {
    const is = classOf(address)
    if (is === null) return false
    if (is === 'public') return true
    const canonical = parseAddress(address)
    if (canonical !== null && allowed.targets.some((target) => contains(target, canonical))) return true
    // A name is whatever its owner says it is: it opens no door to metadata.
    return (is === 'private' || is === 'loopback') && (named || alsoPrivate)
  }
  const addresses = found.filter(may)
  if (addresses.length > 0) return { ok: true, addresses }
  const [first = ''] = found
  const is = classOf(first)
  const what = is === null || is === 'public' ? 'no address that can be used' : WORDS[is]
  const shown = nameOf(host) === first ? `${first} is ${what}` : `${host} is ${first}, ${what}`
  const entry = is === 'private' || is === 'loopback' ? nameOf(host) : first
  return {
    ok: false,
    message: `${shown}: Warder does not connect there by itself.`,
    remedy: `If that is meant, add "${entry}" to private_hosts in server.toml on the server and restart it.`,
  }
}

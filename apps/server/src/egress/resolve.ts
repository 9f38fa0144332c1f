import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { EgressError } from './error.ts'
import { admit, nameOf, type Allowed } from './guard.ts'

/** All addresses of a host name. */
export type Lookup = (name: string) => Promise<readonly string[]>

/** The system's resolver: /etc/hosts, then DNS. IPv4 first: not every machine reaches IPv6. */
export const systemLookup: Lookup = async (name) =>
  (await lookup(name, { all: true, order: 'ipv4first' })).map(({ address }) => address)

/** Finds the addresses of a host that may be connected to, so that exactly those are. @throws EgressError */
export type Resolve = (
  host: string,
  options?: { readonly alsoPrivate?: boolean },
) => Promise<readonly string[]>

export function makeResolve(parts: { readonly allowed: Allowed; readonly lookup: Lookup }): Resolve {
  return async (host, options) => {
    const name = nameOf(host)
    const found = isIP(name) > 0 ? [name] : await find(name)
    const admission = admit(host, found, { allowed: parts.allowed, ...options })
    if (!admission.ok) throw new EgressError('host-refused', admission.message, admission.remedy)
    return admission.addresses
  }

  async function find(name: string): Promise<readonly string[]> {
    const found = await parts.lookup(name).catch(() => [])
    if (found.length > 0) return found
    throw new EgressError(
      'host-unknown',
      `Nobody knows an address of ${name}.`,
      'Check how the name is written, and that this machine can look names up.',
    )
  }
}

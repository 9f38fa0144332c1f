import { parseAddress } from '../ip/address.ts'
import { parseTarget } from '../ip/cidr.ts'
import type { Captures } from '../regex/expression.ts'

/** Who failed, as a filter captured it. */
export interface Finding {
  /** Canonical address, or subnet where the filter captures one. */
  readonly ip: string
  /** Attacker text, not bounded yet. */
  readonly user?: string
}

/** The address that was captured: strict, so that a text such as 999.1.1.1 is nobody. */
export function addressOf(captures: Captures): string | null {
  const address = captures.get('ip4') ?? captures.get('ip6') ?? captures.get('fid') ?? captures.get('dns')
  if (address === undefined) return null
  const cidr = captures.get('cidr')
  const subnet = cidr === undefined ? null : parseTarget(`${address}/${cidr}`)
  return subnet ?? parseAddress(address)
}

/** The user, else the first of its alternatives that says something; null when nobody is named. */
export function userOf(captures: Captures): string | null {
  const user = captures.get('user')
  if (user !== undefined && user !== '') return user
  const names = [...captures.keys()].filter((name) => /^alt_user(?:_|$)/.test(name)).sort()
  return names.map((name) => captures.get(name)).find((value) => value !== undefined && value !== '') ?? null
}

/** An address and a user as a finding. */
export const toFinding = (ip: string, user: string | null): Finding => (user === null ? { ip } : { ip, user })

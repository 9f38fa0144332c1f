import { parseAddress } from '../ip/address.ts'
import { parseTarget } from '../ip/cidr.ts'
import { isWide, type Captures, type Expression } from '../regex/expression.ts'
import type { CompiledFilter } from './compile.ts'

/** Who failed, as a filter captured it. */
export interface Finding {
  /** Canonical address, or subnet where the filter captures one. */
  readonly ip: string
  /** Attacker text, not bounded yet. */
  readonly user?: string
}

/** With so many more failregex than ignoreregex it pays to look at the latter first; fail2ban does so too. */
const IGNORE_FIRST = 3

const anyHolds = (expressions: readonly Expression[], text: string, wide: boolean): boolean => {
  for (const expression of expressions) if (expression.holds(text, wide)) return true
  return false
}

/** The address that was captured: strict, so that a text such as 999.1.1.1 is nobody. */
function addressOf(captures: Captures): string | null {
  const address = captures.get('ip4') ?? captures.get('ip6') ?? captures.get('fid') ?? captures.get('dns')
  if (address === undefined) return null
  const cidr = captures.get('cidr')
  const subnet = cidr === undefined ? null : parseTarget(`${address}/${cidr}`)
  return subnet ?? parseAddress(address)
}

/** The user, else the first of its alternatives that says something. */
function userOf(captures: Captures): string | undefined {
  const user = captures.get('user')
  if (user !== undefined && user !== '') return user
  const names = [...captures.keys()].filter((name) => /^alt_user(?:_|$)/.test(name)).sort()
  return names.map((name) => captures.get(name)).find((value) => value !== undefined && value !== '')
}

/** Lines that tell a story's end or a gained access, or say themselves that they are no failure. */
const isNoFailure = (captures: Captures): boolean =>
  captures.has('mlfid') &&
  [captures.get('nofail'), captures.get('mlfgained')].some((value) => value !== undefined && value !== '')

function toFinding(captures: Captures): Finding | null {
  if (isNoFailure(captures)) return null
  const ip = addressOf(captures)
  if (ip === null) return null
  const user = userOf(captures)
  return user === undefined ? { ip } : { ip, user }
}

/** What the first matching expression captured, over what prefregex did. Unset groups leave the latter. */
function firstMatch(expressions: readonly Expression[], text: string, wide: boolean): Captures | null {
  for (const expression of expressions) {
    const found = expression.find(text, wide)
    if (found !== null) return expression.captures(found)
  }
  return null
}

/**
 * Runs a filter over a text: a line without its date, ended by a line feed. As in fail2ban the first failregex
 * that matches decides, and ignoreregex looks at what prefregex left of the line.
 */
export function findFailure(filter: CompiledFilter, text: string): Finding | null {
  const wide = isWide(text)
  const { prefregex, failregex, ignoreregex } = filter
  const ignoreFirst = ignoreregex.length > 0 && failregex.length - ignoreregex.length >= IGNORE_FIRST
  if (ignoreFirst && anyHolds(ignoreregex, text, wide)) return null
  const prefix = prefregex?.find(text, wide) ?? null
  if (prefregex !== null && prefix === null) return null
  const before = prefix === null ? null : (prefregex?.captures(prefix) ?? null)
  const content = before?.get('content')
  const rest = content === undefined || content === '' ? text : `${content}\n`
  const captures = firstMatch(failregex, rest, wide)
  if (captures === null) return null
  if (anyHolds(ignoreregex, rest, wide)) return null
  return toFinding(before === null ? captures : new Map([...before, ...captures]))
}

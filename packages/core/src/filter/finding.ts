import { parseAddress } from '../ip/address.ts'
import { parseTarget } from '../ip/cidr.ts'
import { Suspect, type Suspects } from '../failure/suspects.ts'
import type { Captures } from '../regex/captures.ts'

/** What a filter found in a line, together with the lines before it that belong to it. */
export interface Finding {
  /** Which failregex matched, counted from 0. */
  readonly index: number
  readonly captures: Captures
  /** User names of the connection, attacker text; empty outside a story. */
  readonly users: ReadonlySet<string>
  /** The lines that led to it and were not reported before, without their dates. */
  readonly lines: readonly string[]
}

/** A name that is captured goes before what `<F-ID>` captured: its addresses count. */
const addressTextOf = (captures: Captures): string | undefined =>
  captures.get('ip4') ?? captures.get('ip6') ?? captures.get('dns') ?? captures.get('fid')

/** What `<F-ID>` captured, which may be in brackets or a network. A prefix that is too long for its address is left out. */
function targetOf(id: string): string | null {
  const bare = id.startsWith('[') && id.endsWith(']') ? id.slice(1, -1) : id
  const [address = '', prefix = ''] = bare.split('/')
  return parseTarget(bare) ?? (/^[0-9]+$/.test(prefix) ? parseAddress(address) : null)
}

/** The address that was captured: strict, so that a text such as 999.1.1.1 is nobody. */
export function addressOf(captures: Captures): string | null {
  const address = addressTextOf(captures)
  if (address === undefined) return null
  const cidr = captures.get('cidr')
  const subnet = cidr === undefined ? null : parseTarget(`${address}/${cidr}`)
  return subnet ?? parseAddress(address)
}

/**
 * The same as one of the addresses that came up before. `group`: by which one the expressions of a filter name who failed,
 * where they do so in no other way.
 */
export function suspectOf(captures: Captures, group: string | null, known: Suspects): Suspect | null {
  if (group === null && captures.has('cidr')) {
    const subnet = addressOf(captures)
    return subnet === null ? null : Suspect.of(subnet)
  }
  const address = group === null ? addressTextOf(captures) : captures.get(group)
  if (address === undefined) return null
  const suspect = known.look(address)
  if (suspect !== null || address !== captures.get('fid')) return suspect
  const target = targetOf(address)
  return target === null ? null : Suspect.of(target)
}

/** Letters, digits and dashes between dots; the last label has a letter, so that no mistyped address is a name. */
const HOST_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?$/i

/** The host that is named where no address is captured; null where there is none. What `<F-ID>` captured never is looked up. */
export function hostOf(captures: Captures): string | null {
  const name = captures.has('ip4') || captures.has('ip6') ? undefined : captures.get('dns')
  return name !== undefined && HOST_NAME.test(name) ? name : null
}

const LINE_FEED = 10

/** The user that is named; null when nobody is. The line feed of a name that runs to the end of the line is left out. */
export function userOf(captures: Captures): string | null {
  const user = captures.get('user')
  if (user === undefined || user === '' || user === '\n') return null
  return user.charCodeAt(user.length - 1) === LINE_FEED ? user.slice(0, -1) : user
}

const ALTERNATIVE = /^alt_(.+?)(?:_[0-9]+)?$/
const PART = /^tuple_(.+?)(?:_[0-9]+)?$/

/** `alt_id` stands in for the group that `<F-ID>` captures, which is called otherwise. */
const GROUPS: Readonly<Record<string, string>> = { id: 'fid', port: 'fport' }
const groupOf = (name: string): string => GROUPS[name] ?? name

/** Captures with `<F-ALT_USER>`, `<F-ALT_USER_1>` … put in for a user that is not named; so for any other name. */
export function fillAlternatives(captures: Captures): Captures {
  const names = [...captures.keys()].filter((name) => ALTERNATIVE.test(name)).sort()
  if (names.length === 0) return captures
  const filled = new Map(captures)
  for (const name of names) {
    const target = groupOf(ALTERNATIVE.exec(name)?.[1] ?? '')
    const value = captures.get(name) ?? ''
    if ((filled.get(target) ?? '') === '' && value !== '') filled.set(target, value)
  }
  return filled
}

/** A captured value; several ones where `<F-TUPLE_…>` adds to it, null for a part that was not captured. */
export type CapturedValue = string | readonly (string | null)[]

/** All captures of a finding by name, with combined values put together. */
export function valuesOf(captures: Captures): ReadonlyMap<string, CapturedValue> {
  const values = new Map<string, CapturedValue>(captures)
  for (const name of [...captures.keys()].filter((key) => PART.test(key)).sort()) {
    const target = groupOf(PART.exec(name)?.[1] ?? '')
    const before = values.get(target) ?? null
    const part = captures.get(name) ?? null
    values.set(target, typeof before === 'string' || before === null ? [before, part] : [...before, part])
  }
  return values
}

/** A text as Python prints it inside a tuple. */
function printed(text: string | null): string {
  if (text === null) return 'None'
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  return `${quote}${text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)}${quote}`
}

/**
 * Who is counted, as text: what `<F-ID>` captured, else the address or name. Unlike addressOf it may be any text.
 * Null: the captures name nobody.
 */
export function identityOf(captures: Captures): string | null {
  const id = valuesOf(captures).get('fid')
  if (id !== undefined) return typeof id === 'string' ? id : `(${id.map(printed).join(', ')})`
  return addressOf(captures) ?? captures.get('ip4') ?? captures.get('ip6') ?? captures.get('dns') ?? null
}

/** Whether the captures say who failed, if only by a name. */
export const namesSomebody = (captures: Captures): boolean =>
  captures.has('fid') || captures.has('ip4') || captures.has('ip6') || captures.has('dns')

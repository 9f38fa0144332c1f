import type { InsightsView } from '@warder/protocol/api'
import { countryName } from '../../format/place.ts'
import { addressPath, bansPath, nodePath } from '../../path.ts'
import { english, t } from '../../language/t.ts'

/** A line of a table: what it is, where it leads, and its numbers in both ranges. */
export interface TopRow {
  readonly name: string
  /** Weaker, beside the name. */
  readonly note: string
  readonly href: string | null
  readonly isAddress: boolean
  readonly failures: number
  /** Null: bans are not counted by it. */
  readonly bans: number | null
  /** Failures in the other range; null: there is none. */
  readonly before: number | null
}

export interface TopTable {
  readonly id: string
  readonly title: string
  /** What the numbers are of, where it is not the range alone. */
  readonly note: string
  readonly rows: readonly TopRow[]
  /** Instead of rows, when there are none. */
  readonly empty: string
}

interface Plain {
  readonly key: string
  readonly name: string
  readonly note?: string
  readonly href?: string | null
  readonly isAddress?: boolean
  readonly failures: number
  readonly bans: number | null
}

function rowsOf(now: readonly Plain[], before: readonly Plain[] | null): readonly TopRow[] {
  const earlier = new Map((before ?? []).map((row) => [row.key, row.failures]))
  return now.map(({ key, name, note = '', href = null, isAddress = false, failures, bans }) => ({
    name,
    note,
    href,
    isAddress,
    failures,
    bans,
    before: before === null ? null : (earlier.get(key) ?? 0),
  }))
}

type Reader = (view: InsightsView) => readonly Plain[]

const nodes: Reader = (view) =>
  view.nodes.map((row) => ({
    ...row,
    key: row.name,
    href: nodePath(row.name),
  }))
const jails: Reader = (view) =>
  view.jails.map((row) => ({ ...row, key: row.name, href: bansPath({ jail: row.name }) }))
const countries: Reader = (view) =>
  view.countries
    .filter(({ name }) => name !== '')
    .map((row) => ({ ...row, key: row.name, name: countryName(row.name), note: row.name }))
const networks: Reader = (view) =>
  view.networks.rows.map(({ asn, network, failures, bans }) => ({
    key: String(asn),
    name: network ?? `AS${asn}`,
    note: network === null ? '' : `AS${asn}`,
    failures,
    bans,
  }))
const addresses: Reader = (view) =>
  view.addresses.map(({ ip, place, failures, bans }) => ({
    key: ip,
    name: ip,
    note: place?.country ?? '',
    href: addressPath(ip),
    isAddress: true,
    failures,
    bans,
  }))
const users: Reader = (view) =>
  view.users.rows.map(({ name, failures }) => ({
    key: name,
    name,
    href: bansPath({ state: 'past', search: name.slice(0, 64) }),
    failures,
    bans: null,
  }))

const NO_GEO = english(
  'The server knows no homes of addresses. Name files of them in its [geo] section (docs/operate/history.md).',
)
const NOTHING = english('Nothing happened in this range.')

/** What stands out in a range, beside another one, as tables. */
export function tablesOf(found: InsightsView, other: InsightsView | null): readonly TopTable[] {
  const table = (
    id: string,
    title: string,
    read: Reader,
    more: { note?: string; empty?: string } = {},
  ): TopTable => ({
    id,
    title,
    note: more.note ?? '',
    rows: rowsOf(read(found), other === null ? null : read(other)),
    empty: more.empty ?? t(NOTHING),
  })
  const nothing = found.failures + found.bans === 0
  const isWider = found.wide.from < found.from || found.wide.to > found.to
  const wide = !isWider
    ? ''
    : found.wide.to - found.wide.from > 2 * 86_400_000
      ? t('by whole days (UTC)')
      : t('by whole hours')
  return [
    table('addresses', t('Addresses'), addresses, { note: wide }),
    table('users', t('Users tried'), users, {
      note: found.users.of < found.failures ? t('of the last failures') : '',
      empty: nothing ? t(NOTHING) : t('No failure of this range named a user.'),
    }),
    table('jails', t('Jails'), jails),
    table('nodes', t('Nodes'), nodes),
    table('countries', t('Countries'), countries, { note: wide, empty: t(nothing ? NOTHING : NO_GEO) }),
    table('networks', t('Networks (ASN)'), networks, {
      note: t('of the largest addresses'),
      empty: t(nothing ? NOTHING : NO_GEO),
    }),
  ]
}

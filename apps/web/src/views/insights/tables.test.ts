import type { InsightsView } from '@warder/protocol/api'
import { describe, expect, it } from 'vitest'
import { tablesOf } from './tables.ts'

const view = (over: Partial<InsightsView> = {}): InsightsView => ({
  from: 0,
  to: 100,
  failures: 9,
  bans: 1,
  nodes: [{ name: 'pve1', failures: 9, bans: 1 }],
  jails: [{ name: 'sshd', failures: 9, bans: 1 }],
  countries: [
    { name: '', failures: 5, bans: 0 },
    { name: 'DE', failures: 4, bans: 1 },
  ],
  wide: { from: 0, to: 100 },
  addresses: [{ ip: '203.0.113.9', failures: 9, bans: 1, place: null }],
  networks: { rows: [{ asn: 64_500, network: 'Example', failures: 4, bans: 1 }], of: 1 },
  users: { rows: [{ name: 'root', failures: 9 }], of: 9 },
  ...over,
})
const table = (id: string, found = view(), other: InsightsView | null = null) =>
  tablesOf(found, other).find((one) => one.id === id)

describe('tablesOf', () => {
  it('names countries, and leaves out what is not known', () => {
    expect(table('countries')?.rows).toMatchObject([{ name: 'Germany', note: 'DE', failures: 4 }])
  })

  it('leads to what a line is about', () => {
    expect(table('addresses')?.rows[0]).toMatchObject({ href: '/ip/203.0.113.9', isAddress: true })
    expect(table('nodes')?.rows[0]?.href).toBe('/nodes/pve1')
  })

  it('puts the other range beside, nothing where it was not among the largest', () => {
    const other = view({ nodes: [], users: { rows: [{ name: 'root', failures: 3 }], of: 3 } })
    expect(table('users', view(), other)?.rows[0]?.before).toBe(3)
    expect(table('nodes', view(), other)?.rows[0]?.before).toBe(0)
    expect(table('nodes')?.rows[0]?.before).toBeNull()
  })

  it('says when numbers are of more or of less than the range', () => {
    expect(table('addresses')?.note).toBe('')
    const wide = view({ wide: { from: -50, to: 100 }, users: { rows: [], of: 4 } })
    expect(table('addresses', wide)?.note).toBe('by whole hours')
    const days = view({ wide: { from: -9e8, to: 100 } })
    expect(table('countries', days)?.note).toBe('by whole days (UTC)')
    expect(table('users', wide)?.note).toBe('of the last failures')
  })

  it('says why there is nothing', () => {
    const quiet = view({ failures: 0, bans: 0, countries: [] })
    expect(table('countries', quiet)?.empty).toMatch(/Nothing happened/)
    expect(table('countries', view({ countries: [] }))?.empty).toMatch(/geo/)
  })
})

import { makeLogger } from '@warder/daemon'
import { PATHS } from '@warder/protocol/paths'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { banned, failure, LabNode, report } from '../lab/agent.ts'
import { startLab } from '../lab/server.ts'
import { openGeo } from './geo.ts'
import { Mmdb, MmdbError } from './mmdb.ts'

type Value = string | number | { [key: string]: Value }

/** Writes values as the format says: text, whole numbers and maps. */
function encode(value: Value): Buffer {
  const head = (type: number, size: number): Buffer => {
    const short = size < 29 ? size : 29
    const more = size < 29 ? [] : [size - 29]
    return type > 7 ? Buffer.from([short, type - 7, ...more]) : Buffer.from([(type << 5) | short, ...more])
  }
  if (typeof value === 'string') return Buffer.concat([head(2, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([head(6, 4), bytes])
  }
  const entries = Object.entries(value)
  return Buffer.concat([
    head(7, entries.length),
    ...entries.flatMap(([key, one]) => [encode(key), encode(one)]),
  ])
}

/** A database of networks, given as bits of their prefix (IPv4 below ::/96). */
function database(
  networks: readonly (readonly [bits: string, value: Value])[],
  bits: 24 | 28 | 32 = 24,
): Buffer {
  const nodes: [number | Buffer | null, number | Buffer | null][] = [[null, null]]
  for (const [prefix, value] of networks) {
    let node = 0
    ;[...prefix].forEach((bit, i) => {
      const side = Number(bit) as 0 | 1
      const row = nodes[node] ?? [null, null]
      if (i === prefix.length - 1) row[side] = encode(value)
      else {
        const next = row[side]
        if (typeof next === 'number') node = next
        else {
          node = nodes.push([null, null]) - 1
          row[side] = node
        }
      }
    })
  }
  const data: Buffer[] = []
  const recordOf = (record: number | Buffer | null): number => {
    if (record === null) return nodes.length
    if (typeof record === 'number') return record
    const at = data.reduce((sum, { length }) => sum + length, 0)
    data.push(record)
    return nodes.length + 16 + at
  }
  const tree = Buffer.concat(
    nodes.map(([left, right]) => {
      const hex = [recordOf(left), recordOf(right)].map((n) => n.toString(16).padStart(bits / 4, '0'))
      const [l = '', r = ''] = hex
      // Of 28 bits the two highest halves lie in the middle byte.
      return Buffer.from(bits === 28 ? l.slice(1) + l.slice(0, 1) + r.slice(0, 1) + r.slice(1) : l + r, 'hex')
    }),
  )
  const meta = { node_count: nodes.length, record_size: bits, ip_version: 6, database_type: 'Lab' }
  return Buffer.concat([
    tree,
    Buffer.alloc(16),
    ...data,
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    encode(meta),
  ])
}

const v4 = (...bytes: number[]): string =>
  '0'.repeat(96) + bytes.map((n) => n.toString(2).padStart(8, '0')).join('')
const v6 = (hex: string): string =>
  [...hex].map((d) => Number(`0x${d}`).toString(2).padStart(4, '0')).join('')
const COUNTRIES = [
  [v4(203, 0, 113), { country: { iso_code: 'DE' } }],
  [v6('20010db8'), { country: { iso_code: 'FR' } }],
] as const
const NETWORKS = [
  [
    v4(203, 0, 113),
    { autonomous_system_number: 64_496, autonomous_system_organization: 'Example Net '.repeat(4) },
  ],
] as const

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warder-geo-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const log = makeLogger({ name: 'lab', level: 'silent', form: 'json' })
const file = (name: string, content: Buffer): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('where addresses are at home', () => {
  it.each([24, 28, 32] as const)('is read from databases with records of %d bits', (bits) => {
    const geo = openGeo(
      { country: file('c', database(COUNTRIES, bits)), asn: file('a', database(NETWORKS, bits)) },
      log,
    )
    expect(geo.of('203.0.113.9')).toEqual({ country: 'DE', asn: 64_496, network: 'Example Net '.repeat(4) })
    expect(geo.of('2001:db8::1')).toEqual({ country: 'FR', asn: null, network: null })
    expect(geo.of('203.0.113.0/24')?.country).toBe('DE')
    expect(geo.of('192.0.2.1')).toBeNull()
    expect(geo.countryOf('192.0.2.1')).toBe('')
    expect(geo.of('no address')).toBeNull()
  })

  it('is not known without a database, with none where one was named, and with a damaged one', () => {
    const good = database(COUNTRIES)
    for (const country of [
      join(folder, 'missing'),
      file('text', Buffer.from('nothing')),
      file('half', good.subarray(good.length / 2)),
    ])
      expect(openGeo({ country }, log).of('203.0.113.9')).toBeNull()
    expect(openGeo({}, log).of('203.0.113.9')).toBeNull()
  })

  it('is never more than a refusal or nothing, whatever byte of a database is wrong', () => {
    const good = database(COUNTRIES)
    for (let at = 0; at < good.length; at++) {
      const broken = Buffer.from(good)
      broken[at] = (broken[at] ?? 0) ^ 0xff
      try {
        new Mmdb(broken).find(Uint8Array.of(203, 0, 113, 9))
      } catch (err) {
        expect(err instanceof MmdbError || err instanceof RangeError).toBe(true)
      }
    }
  })
})

it('stands beside bans, addresses and counts of a server whose operator named the files', async () => {
  const geo = { country: file('c', database(COUNTRIES)), asn: file('a', database(NETWORKS)) }
  await using lab = await startLab({ config: { geo } })
  const node = new LabNode('pve1')
  const { link } = await node.join(lab)
  const now = lab.clock.now()
  await report(
    link,
    node.record(now, failure('203.0.113.9', now), banned('203.0.113.9', now), banned('192.0.2.1', now)),
  )
  const place = { country: 'DE', asn: 64_496, network: 'Example Net '.repeat(4) }
  const { rows } = (await lab.as('GET', PATHS.bans)).body
  expect(rows.map((ban: { ip: string; place: unknown }) => [ban.ip, ban.place])).toEqual(
    expect.arrayContaining([
      ['203.0.113.9', place],
      ['192.0.2.1', null],
    ]),
  )
  expect((await lab.as('GET', PATHS.address('203.0.113.9'))).body.place).toEqual(place)
  expect((await lab.as('GET', PATHS.addresses)).body.rows).toMatchObject([
    { ip: '203.0.113.9', place },
    { ip: '192.0.2.1', place: null },
  ])
  expect((await lab.as('GET', PATHS.countries)).body.rows).toEqual(
    expect.arrayContaining([{ country: 'DE', failures: 1, bans: 1 }]),
  )
})

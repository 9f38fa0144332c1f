/**
 * A made-up database of where the addresses of the demonstration are at home, in the MaxMind DB format. They are
 * addresses of documentation, which are nowhere; each sixteen of them get a country.
 */

/** Busy ones first and often, so that the map has a scale. */
const COUNTRIES = [
  ...['CN', 'US', 'RU', 'CN', 'IN', 'BR', 'VN', 'NL', 'US', 'DE', 'KR', 'HK', 'CN', 'SG', 'ID', 'FR'],
  ...['US', 'GB', 'UA', 'IR', 'CN', 'TR', 'ZA', 'MX', 'AR', 'RU', 'NG', 'EG', 'PK', 'TH', 'JP', 'AU'],
  ...['CA', 'RO', 'PL', 'BG', 'IN', 'US', 'CL', 'SE', 'KE', 'KZ', 'MY', 'BD', 'ES', 'IT', 'CO', 'MA'],
]
const BLOCKS = [
  [192, 0, 2],
  [198, 51, 100],
  [203, 0, 113],
] as const

type Side = number | string | null

const bitsOf = (value: number, width: number): string => value.toString(2).padStart(width, '0')

/** Prefixes in bits (IPv4 below ::/96) and their countries. */
function prefixes(): readonly (readonly [bits: string, country: string])[] {
  const v4 = BLOCKS.flatMap((block, at) =>
    Array.from({ length: 16 }, (_, part): readonly [string, string] => [
      '0'.repeat(96) + block.map((byte) => bitsOf(byte, 8)).join('') + bitsOf(part, 4),
      COUNTRIES[at * 16 + part] ?? 'US',
    ]),
  )
  const documentation = bitsOf(0x20010db8, 32)
  const v6 = Array.from({ length: 16 }, (_, part): readonly [string, string] => [
    documentation + bitsOf(part, 4),
    COUNTRIES[part * 3] ?? 'US',
  ])
  return [...v4, ...v6]
}

const text = (value: string): Buffer => Buffer.from([(2 << 5) | value.length, ...Buffer.from(value)])
const number = (value: number): Buffer => Buffer.from([(6 << 5) | 2, value >> 8, value & 255])
const map = (...entries: readonly (readonly [string, Buffer])[]): Buffer =>
  Buffer.concat([
    Buffer.from([(7 << 5) | entries.length]),
    ...entries.flatMap(([key, value]) => [text(key), value]),
  ])

/** The file, whole. */
export function madeUpGeo(): Buffer {
  const tree: [Side, Side][] = [[null, null]]
  for (const [bits, country] of prefixes()) {
    let at = 0
    for (const [depth, bit] of [...bits].entries()) {
      const row = tree[at]
      if (row === undefined) break
      const side = bit === '1' ? 1 : 0
      const next = row[side]
      if (depth === bits.length - 1) row[side] = country
      else if (typeof next === 'number') at = next
      else row[side] = at = tree.push([null, null]) - 1
    }
  }
  const countries = [...new Set(COUNTRIES)]
  const data = countries.map((country) => map(['country', map(['iso_code', text(country)])]))
  const size = data[0]?.length ?? 0
  const record = Buffer.alloc(tree.length * 8)
  for (const [at, row] of tree.entries())
    for (const [side, what] of row.entries()) {
      const to =
        typeof what === 'number'
          ? what
          : tree.length + (what === null ? 0 : 16 + countries.indexOf(what) * size)
      record.writeUInt32BE(to, at * 8 + side * 4)
    }
  return Buffer.concat([
    record,
    Buffer.alloc(16),
    ...data,
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    map(
      ['node_count', number(tree.length)],
      ['record_size', number(32)],
      ['ip_version', number(6)],
      ['database_type', text('Demonstration')],
    ),
  ])
}

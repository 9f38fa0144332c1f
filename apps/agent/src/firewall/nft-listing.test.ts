import { describe, expect, it } from 'vitest'
import { enforcedIn, parseListing } from './nft-listing.ts'

const NOW = 1_800_000_000_000
const plan = { jails: [{ name: 'sshd', ports: { protocol: 'tcp', ports: [22] } }], never: [] } as const
const timed = (ip: string, expires: number): string =>
  `{"elem": {"val": "${ip}", "timeout": 3600, "expires": ${expires}}}`

/** A set as nft writes it. */
const set = (name: string, elements: readonly string[], more = ''): string =>
  `{"set": {"family": "inet", "name": "${name}", "table": "warder", "type": "ipv4_addr", "handle": 7${more}${
    elements.length === 0 ? '' : `, "elem": [${elements.join(', ')}]`
  }}}`
const table = (...parts: readonly string[]): string =>
  `{"nftables": [{"metainfo": {"version": "1.0.6"}}, ${parts.join(', ')}]}`
const found = (json: string): readonly string[] =>
  enforcedIn('inet', { listing: parseListing(json), plan, now: NOW }).map(
    ({ ip, until }) => `${ip} ${until === null ? 'for ever' : (until - NOW) / 1_000}`,
  )

describe('a listing of a table', () => {
  it.each<[string, string, readonly string[]]>([
    ['no element', set('v4-sshd', []), []],
    ['one with a time-out', set('v4-sshd', [timed('192.0.2.1', 5)]), ['192.0.2.1 5']],
    [
      'several with time-outs',
      set('v4-sshd', [timed('192.0.2.1', 5), timed('192.0.2.2', 6)]),
      ['192.0.2.1 5', '192.0.2.2 6'],
    ],
    [
      'some with time-outs and some without',
      set('v4-sshd', [timed('192.0.2.1', 5), '"192.0.2.2"']),
      ['192.0.2.1 5', '192.0.2.2 for ever'],
    ],
    [
      'subnets among them',
      set('n4-sshd', [
        timed('192.0.2.1', 5),
        '{"elem": {"val": {"prefix": {"addr": "192.0.2.8", "len": 29}}, "timeout": 9, "expires": 8}}',
      ]),
      ['192.0.2.1/32 5', '192.0.2.8/29 8'],
    ],
    [
      'addresses in another form than ours, and prefixes of 64 bits',
      `${set('v6-sshd', [timed('::192.0.2.1', 5)])}, ${set('m6-sshd', [timed('2001:db8::', 6)])}`,
      ['::c000:201 5', '2001:db8::/64 6'],
    ],
    [
      'sets of others in front of ours',
      `${set('other', [timed('198.51.100.1', 5)])}, ${set('v4-sshd', [timed('192.0.2.1', 6)])}`,
      ['192.0.2.1 6'],
    ],
    [
      'words of others that look like a list, or like one that was taken out',
      `${set('other', [timed('198.51.100.1', 5)], String.raw`, "comment": "\"elem\": [${timed('198.51.100.2', 5).replaceAll('"', String.raw`\"`)}]"`)}, ${set('v4-sshd', ['"taken 0"'])}`,
      ['taken 0 for ever'],
    ],
    [
      'the tables of others around ours',
      [
        '{"table": {"family": "inet", "name": "other", "handle": 1}}',
        set('v4-sshd', [timed('198.51.100.1', 5)]).replace('"warder"', '"other"'),
        '{"rule": {"family": "inet", "table": "other", "chain": {"of": "a form that we do not know"}}}',
        '{"table": {"family": "inet", "name": "warder", "handle": 2}}',
        set('v4-sshd', [timed('192.0.2.1', 5)]),
      ].join(', '),
      ['192.0.2.1 5'],
    ],
  ])('has %s', (_, parts, expected) => {
    expect(found(table(parts))).toEqual(expected)
  })

  it('has the same shape whoever is in its sets', () => {
    const shapes = [[], [timed('192.0.2.1', 5)], ['"192.0.2.1"']].map(
      (elements) => parseListing(table(set('v4-sshd', elements))).shape,
    )
    expect(new Set(shapes).size).toBe(1)
  })
})

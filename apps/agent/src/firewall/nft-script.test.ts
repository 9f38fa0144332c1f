import { describe, expect, it } from 'vitest'
import { elementScript, prepareScript } from './nft-script.ts'
import { mergeRanges } from './ports.ts'

const NOW = 1_800_000_000_000

describe('the script that prepares the table', () => {
  const script = prepareScript(
    'inet',
    {
      jails: [
        { name: 'sshd', ports: { protocol: 'tcp', ports: [22, [2000, 2010]] } },
        { name: 'dns', ports: { protocol: 'both', ports: [53] } },
        { name: 'manual', ports: { protocol: 'both', ports: 'all' } },
      ],
      never: ['127.0.0.1', 'fe80::/10'],
    },
    {
      sets: ['never-4', 'v4-sshd', 'v4-old', 'v4h-0123'],
      chains: ['input', 'theirs'],
      counters: ['c-sshd', 'c-old'],
    },
  )
  const lines = script.trimEnd().split('\n')

  it('accepts before it drops, in a chain ahead of others that never accepts by itself', () => {
    const rules = lines.filter((line) => line.startsWith('add rule inet warder input'))
    expect(rules.slice(0, 3)).toEqual([
      'add rule inet warder input ip saddr @never-4 accept',
      'add rule inet warder input ip6 saddr @never-6 accept',
      'add rule inet warder input tcp dport { 22, 2000-2010 } ip saddr @v4-sshd counter name "c-sshd" drop',
    ])
    expect(lines).toContain(
      'add chain inet warder input { type filter hook input priority -10; policy accept; }',
    )
  })

  it.each([
    [
      'add rule inet warder input meta l4proto { tcp, udp } th dport { 53 } ip6 saddr @n6-dns counter name "c-dns" drop',
      true,
    ],
    ['add rule inet warder input ip saddr @v4-manual counter name "c-manual" drop', true],
    ['add rule inet warder forward ip saddr @v4-manual counter name "c-manual" drop', true],
    [
      'add rule inet warder forward tcp dport { 22, 2000-2010 } ip saddr @v4-sshd counter name "c-sshd" drop',
      false,
    ],
    ['add set inet warder n6-sshd { type ipv6_addr; flags interval,timeout; }', true],
    ['add set inet warder v4-sshd { type ipv4_addr; flags timeout; }', true],
    ['add element inet warder never-4 { 127.0.0.1 }', true],
    ['add element inet warder never-6 { fe80::/10 }', true],
    ['delete set inet warder v4-old', true],
    ['delete set inet warder v4h-0123', true],
    ['delete set inet warder never-4', false],
    ['delete set inet warder v4-sshd', false],
    ['flush set inet warder v4-sshd', false],
    ['delete chain inet warder theirs', true],
    ['delete chain inet warder input', false],
    ['add counter inet warder c-dns', true],
    ['add counter inet warder c-sshd', false],
    ['delete counter inet warder c-old', true],
  ])('%s: %s', (line, expected) => {
    expect(lines.includes(line)).toBe(expected)
  })

  it('empties chains before it drops the sets that rules in them name', () => {
    expect(lines.indexOf('flush chain inet warder input')).toBeLessThan(
      lines.indexOf('delete set inet warder v4-old'),
    )
  })
})

describe('the script that changes elements', () => {
  const add = (ip: string, until: number | null) => ({ kind: 'add' as const, jail: 'sshd', ip, until })

  it('adds, deletes and adds again, so that an element that is there gets its new end', () => {
    expect(
      elementScript({ addresses: [add('192.0.2.1', NOW + 90_000_500)], subnets: new Map() }, { now: NOW }),
    ).toBe(
      [
        'add element inet warder v4-sshd { 192.0.2.1 }',
        'delete element inet warder v4-sshd { 192.0.2.1 }',
        'add element inet warder v4-sshd { 192.0.2.1 timeout 1d3601s }\n',
      ].join('\n'),
    )
  })

  it.each([
    [null, '192.0.2.1'],
    [NOW + 1, '192.0.2.1 timeout 1s'],
    [NOW + 60_000, '192.0.2.1 timeout 60s'],
    [NOW + 20 * 365 * 86_400_000, '192.0.2.1 timeout 3650d0s'],
  ])('writes the end %s as "%s"', (until, element) => {
    const script = elementScript({ addresses: [add('192.0.2.1', until)], subnets: new Map() }, { now: NOW })
    expect(script.trimEnd().split('\n').at(-1)).toBe(`add element inet warder v4-sshd { ${element} }`)
  })

  it('writes sets of subnets anew', () => {
    const subnets = new Map([['sshd', new Map([['198.51.100.0/24', NOW + 5_000]])]])
    expect(elementScript({ addresses: [], subnets }, { now: NOW })).toBe(
      [
        'flush set inet warder n4-sshd',
        'flush set inet warder n6-sshd',
        'add element inet warder n4-sshd { 198.51.100.0/24 timeout 5s }\n',
      ].join('\n'),
    )
  })

  it('is empty when there is nothing to do', () => {
    expect(elementScript({ addresses: [], subnets: new Map() }, { now: NOW })).toBe('')
  })

  it('cuts long lists into statements', () => {
    const addresses = Array.from({ length: 2_500 }, (_, i) => add(`2001:db8::${i.toString(16)}`, null))
    expect(elementScript({ addresses, subnets: new Map() }, { now: NOW }).trimEnd().split('\n').length).toBe(
      9,
    )
  })

  it('never lets through what is not an address', () => {
    const bad = add('192.0.2.1 }; flush ruleset; add element x { 1', null)
    expect(() => elementScript({ addresses: [bad], subnets: new Map() }, { now: NOW })).toThrow()
  })
})

describe('port ranges', () => {
  it.each([
    [[22], [[22, 22]]],
    [
      [80, [79, 81], 443],
      [
        [79, 81],
        [443, 443],
      ],
    ],
    [[[10, 20], [15, 30], 31], [[10, 31]]],
    [[[10, 50], 20], [[10, 50]]],
  ] as const)('%j become %j', (ports, merged) => {
    expect(mergeRanges(ports)).toEqual(merged)
  })
})

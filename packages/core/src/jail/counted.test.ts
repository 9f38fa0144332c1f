import { describe, expect, it } from 'vitest'
import { countedAs } from './counted.ts'
import { NeverBanned, Reasons } from './ignore.ts'
import { TargetSet } from '../ip/target-set.ts'

const never = new NeverBanned({
  groups: [
    { reason: 'own-address', targets: ['2001:db8:9:9::1'] },
    { reason: 'ignoreip', targets: ['2001:db8:8::/48'] },
  ],
})
const reasons = new Reasons(never, new TargetSet(['2001:db8:7:7::7']))

describe('an address counts', () => {
  it.each<[string, string, number, string]>([
    ['by its prefix', '2001:db8:1:2:3:4:5:6', 64, '2001:db8:1:2::/64'],
    ['by a longer one', '2001:db8:1:2:3:4:5:6', 80, '2001:db8:1:2:3::/80'],
    ['by the shortest one', '2001:db9:1:2::6', 32, '2001:db9::/32'],
    ['by itself where it is switched off', '2001:db8:1:2::6', 128, '2001:db8:1:2::6'],
    ['by itself where it is of IPv4', '192.0.2.1', 64, '192.0.2.1'],
    ['by itself beside an address of the node', '2001:db8:9:9::2', 64, '2001:db8:9:9::2'],
    ['by itself beside one that its jail ignores', '2001:db8:7:7::8', 64, '2001:db8:7:7::8'],
    ['by itself where the prefix is wide and a part of it ignored', '2001:db8:1::1', 32, '2001:db8:1::1'],
    ['as the subnet that was banned', '2001:db8:1::/48', 64, '2001:db8:1::/48'],
  ])('%s', (_, ip, prefix, counted) => {
    expect(countedAs(ip, prefix, reasons)).toBe(counted)
  })
})

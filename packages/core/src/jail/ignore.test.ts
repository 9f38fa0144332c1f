import { describe, expect, it } from 'vitest'
import { TargetSet } from '../ip/target-set.ts'
import { Suspect } from '../failure/suspects.ts'
import { NeverBanned, Reasons } from './ignore.ts'
import { NEVER_NOBODY } from './never.ts'

const NEVER = new NeverBanned({
  groups: [
    { reason: 'own-address', targets: ['192.0.2.1', '2001:db8::5'] },
    { reason: 'gateway', targets: ['10.0.0.254'] },
    { reason: 'local-network', targets: ['10.0.0.0/8', 'fe80::/64'] },
    {
      reason: 'ignoreip',
      targets: ['203.0.113.0/24', '198.51.100.7', 'host.example', '192.0.2.128/255.255.255.128'],
    },
  ],
})
const OPEN = new NeverBanned(NEVER_NOBODY)

describe('NeverBanned', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.0.1', 'loopback'],
    ['::1', 'loopback'],
    ['0.0.0.0/0', 'loopback'],
    ['::/0', 'loopback'],
    ['192.0.2.1', 'own-address'],
    ['192.0.2.0/25', 'own-address'],
    ['2001:db8::5', 'own-address'],
    ['10.0.0.1', 'local-network'],
    ['8.0.0.0/6', 'gateway'],
    ['fe80::1', 'local-network'],
    ['10.0.0.254', 'gateway'],
    ['203.0.113.9', 'ignoreip'],
    ['203.0.112.0/22', 'ignoreip'],
    ['198.51.100.7', 'ignoreip'],
    ['192.0.2.200', 'ignoreip'],
    ['198.51.100.8', null],
    ['2001:db8::6', null],
  ])('%s: %s', (target, reason) => {
    expect(NEVER.reasonFor(target)).toBe(reason)
  })

  it.each([
    ['127.0.0.1', 'loopback'],
    ['10.0.0.1', null],
    ['203.0.113.9', null],
  ])('knows loopback even when nothing else is told: %s is %s', (target, reason) => {
    expect(OPEN.reasonFor(target)).toBe(reason)
  })

  it('adds what one jail ignores', () => {
    const jail = new TargetSet(['198.51.100.0/24'])
    expect(OPEN.reasonFor('198.51.100.8', jail)).toBe('ignoreip')
    expect(OPEN.reasonFor('203.0.113.9', jail)).toBeNull()
  })
})

describe('what is remembered of addresses', () => {
  it.each(['127.0.0.1', '192.0.2.1', '198.51.100.8', '2001:db8::6'])(
    '%s: the reason, by who said it',
    (ip) => {
      const nobody = new TargetSet([])
      const [strict, open] = [new Reasons(NEVER, nobody), new Reasons(OPEN, nobody)]
      const suspect = new Suspect(ip)
      for (const reasons of [strict, strict, open, strict])
        expect(reasons.forSuspect(suspect)).toBe(reasons.for(ip))
      expect(strict.for(ip)).toBe(NEVER.reasonFor(ip))
    },
  )
})

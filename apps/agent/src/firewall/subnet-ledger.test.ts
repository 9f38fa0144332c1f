import { describe, expect, it } from 'vitest'
import { outermost, SubnetLedger } from './subnet-ledger.ts'

const NOW = 1_000_000
const add = (ip: string, until: number | null = NOW + 1_000) => ({
  kind: 'add' as const,
  jail: 'sshd',
  ip,
  until,
})
const remove = (ip: string) => ({ kind: 'remove' as const, jail: 'sshd', ip })

describe('the outermost of some subnets', () => {
  it.each([
    [[], []],
    [
      ['192.0.2.0/24', '198.51.100.0/24'],
      ['192.0.2.0/24', '198.51.100.0/24'],
    ],
    [['192.0.2.0/25', '192.0.2.0/24', '192.0.2.128/30'], ['192.0.2.0/24']],
    [
      ['2001:db8::/32', '2001:db8:1::/48', '192.0.2.0/24'],
      ['2001:db8::/32', '192.0.2.0/24'],
    ],
  ])('%j are %j', (subnets, expected) => {
    expect([...outermost(new Map(subnets.map((ip) => [ip, null]))).keys()]).toEqual(expected)
  })
})

describe('the ledger of subnets', () => {
  const held = (ledger: SubnetLedger, ...changes: Parameters<SubnetLedger['plan']>[0][number][]) => {
    const plan = ledger.plan(changes, NOW)
    plan.commit()
    return [...(plan.held.get('sshd')?.keys() ?? [])]
  }

  it('holds the larger one and lets the smaller one up when that ends', () => {
    const ledger = new SubnetLedger()
    expect(held(ledger, add('192.0.2.0/25'))).toEqual(['192.0.2.0/25'])
    expect(held(ledger, add('192.0.2.0/24'))).toEqual(['192.0.2.0/24'])
    expect(held(ledger, remove('192.0.2.0/24'))).toEqual(['192.0.2.0/25'])
  })

  it('forgets what has ended', () => {
    const ledger = new SubnetLedger()
    held(ledger, add('192.0.2.0/24', NOW + 1))
    const later = ledger.plan([add('192.0.2.0/25', NOW + 5_000)], NOW + 2)
    expect([...(later.held.get('sshd')?.keys() ?? [])]).toEqual(['192.0.2.0/25'])
  })

  it('changes nothing until it is committed', () => {
    const ledger = new SubnetLedger()
    ledger.plan([add('192.0.2.0/24')], NOW)
    expect(held(ledger, add('192.0.2.0/25'))).toEqual(['192.0.2.0/25'])
  })

  it('calls a subnet enforced that lies inside one that is', () => {
    const ledger = new SubnetLedger()
    held(ledger, add('192.0.2.0/24'), add('192.0.2.0/25'), add('198.51.100.0/25'))
    const enforced = [{ jail: 'sshd', ip: '192.0.2.0/24', until: null }]
    expect(ledger.inside(enforced, NOW).map(({ ip }) => ip)).toEqual(['192.0.2.0/25'])
    expect(ledger.inside([], NOW)).toEqual([])
  })

  it('knows after a restart what the kernel holds', () => {
    const ledger = new SubnetLedger()
    ledger.learn([
      { jail: 'sshd', ip: '192.0.2.0/24', until: null },
      { jail: 'sshd', ip: '192.0.2.1', until: null },
    ])
    expect(held(ledger, add('192.0.2.0/25'))).toEqual(['192.0.2.0/24'])
    ledger.keepOnly(new Set(['web']))
    expect(held(ledger, add('192.0.2.0/25'))).toEqual(['192.0.2.0/25'])
  })
})

import { describe, expect, it } from 'vitest'
import { banSample, banViewSample, eventSample, failureSample, nodeSample } from '../sample/sample.ts'
import { concerns, logQuery, neverOn, passes, told } from './address-log.ts'

describe('logQuery', () => {
  it.each([
    ['203.0.113.9', { kind: 'all', node: null }, { ip: '203.0.113.9' }],
    [
      '203.0.113.9',
      { kind: 'failures', node: 'pve1' },
      { ip: '203.0.113.9', kind: 'failure.found,failure.ignored', node: 'pve1' },
    ],
    ['203.0.113.0/24', { kind: 'all', node: null }, { q: '203.0.113.*' }],
    ['2001:db8:7254:7198::/64', { kind: 'all', node: null }, { q: '2001:db8:7254:7198:*' }],
    ['203.0.113.0/25', { kind: 'all', node: null }, { ip: '203.0.113.0/25' }],
    ['2001:db8::/64', { kind: 'all', node: null }, { ip: '2001:db8::/64' }],
  ] as const)('%s %j', (ip, filter, query) => expect(logQuery(ip, filter)).toEqual(query))
})

describe('concerns', () => {
  const banOf = (ip: string) => eventSample(1, { kind: 'ban.added', ban: banSample({ ip }) })
  it.each([
    ['its own failure', '203.0.113.9', eventSample(1, failureSample()), true],
    ['a ban of the subnet around it', '203.0.113.9', banOf('203.0.113.0/24'), true],
    ['a failure inside of it', '203.0.113.0/24', eventSample(1, failureSample()), true],
    ['another address', '203.0.113.8', eventSample(1, failureSample()), false],
    ['no address at all', '203.0.113.9', eventSample(1, { kind: 'outbox.gapped', lost: 3 }), false],
  ])('%s', (_name, ip, view, expected) => expect(concerns(ip, view)).toBe(expected))
})

describe('passes', () => {
  it.each([
    [{ kind: 'all', node: null }, true],
    [{ kind: 'failures', node: 'pve1' }, true],
    [{ kind: 'bans', node: null }, false],
    [{ kind: 'all', node: 'pve2' }, false],
  ] as const)('%j', (filter, expected) =>
    expect(passes(filter, eventSample(1, failureSample()))).toBe(expected),
  )
})

describe('neverOn', () => {
  const never = {
    groups: [{ reason: 'gateway' as const, total: 1, targets: [{ target: '192.0.2.0/24', of: '' }] }],
    localNetworks: { filtered: false, networks: [] },
  }
  it('names the nodes by the reason', () => {
    const nodes = [nodeSample('pve1', { never }), nodeSample('pve2', { never }), nodeSample('pve3')]
    expect(neverOn('192.0.2.7', nodes)).toEqual([{ reason: 'gateway', nodes: ['pve1', 'pve2'] }])
    expect(neverOn('203.0.113.9', nodes)).toEqual([])
  })
})

describe('told', () => {
  it('tells the same evidence once', () => {
    const copies = [banViewSample(1), banViewSample(2, { node: 'pve2' }), banViewSample(3, { why: 'other' })]
    expect(told(copies).length).toBe(2)
  })
})

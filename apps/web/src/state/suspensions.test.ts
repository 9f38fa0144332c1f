import { describe, expect, it } from 'vitest'
import { nodeSample, NOW } from '../sample/sample.ts'
import { suspensions } from './suspensions.ts'
import { unenforced } from './unenforced.ts'

const panicking = (name: string, until: number, by = 'ada') =>
  nodeSample(name, {
    firewall: { backend: 'nftables', enforcing: false, reason: 'Nothing is enforced' },
    suspended: { since: NOW, until, by, source: 'server' },
  })

describe('nodes in panic', () => {
  it('are told together where it is one wish, and not as a firewall that fails', () => {
    const nodes = [
      panicking('pve1', NOW + 60_000),
      panicking('pve2', NOW + 61_000),
      panicking('pve3', NOW + 60_000, 'command line'),
      nodeSample('pve4'),
    ]
    expect(suspensions(nodes).map(({ names }) => names)).toEqual([['pve1', 'pve2'], ['pve3']])
    expect(unenforced(nodes)).toEqual([])
  })
})

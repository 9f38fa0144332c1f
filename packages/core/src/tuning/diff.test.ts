import { describe, expect, it } from 'vitest'
import { layerOf, replaceLayer, tidyTuning } from './change.ts'
import { describeChange } from './describe.ts'
import { diffTunings } from './diff.ts'
import { EMPTY_TUNING, type Tuning } from './revision.ts'

const TUNING: Tuning = {
  fleet: { sshd: { maxretry: 4 } },
  clusters: { prod: { sshd: { findtime: 300 } } },
  nodes: { pve1: { nginx: { bantime: -1 } } },
}

describe('the difference of two tunings', () => {
  it('is nothing between a tuning and itself', () => expect(diffTunings(TUNING, TUNING)).toEqual([]))

  it('names every key that is set otherwise, with its layer', () => {
    const after: Tuning = {
      fleet: { sshd: { maxretry: 3 }, proxmox: { policy: 'cluster' } },
      clusters: {},
      nodes: { pve1: { nginx: { bantime: -1, enabled: false } } },
      filterLocalNetworks: true,
    }
    const fleet = { kind: 'fleet' } as const
    expect(diffTunings(TUNING, after)).toEqual([
      { kind: 'filterLocalNetworks', before: null, after: true },
      { kind: 'jail', layer: fleet, jail: 'proxmox', key: 'policy', before: null, after: 'cluster' },
      { kind: 'jail', layer: fleet, jail: 'sshd', key: 'maxretry', before: 4, after: 3 },
      ...[{ kind: 'jail', layer: { kind: 'cluster', name: 'prod' }, jail: 'sshd', key: 'findtime' }].map(
        (each) => ({ ...each, before: 300, after: null }),
      ),
      ...[{ kind: 'jail', layer: { kind: 'node', name: 'pve1' }, jail: 'nginx', key: 'enabled' }].map(
        (each) => ({ ...each, before: null, after: false }),
      ),
    ])
    expect(describeChange(TUNING, after)).toBe(
      'local networks on all nodes: as each node says → can be banned; proxmox on all nodes: policy inherited → cluster; sshd on all nodes: maxretry 4 → 3; sshd on cluster prod: findtime 5m → inherited; nginx on node pve1: enabled inherited → no',
    )
  })
})

describe('a layer as a whole', () => {
  it.each([
    ['fleet', { kind: 'fleet' }, { nginx: { maxretry: 2 } }],
    ['a cluster', { kind: 'cluster', name: 'prod' }, { nginx: { maxretry: 2 } }],
    ['a node that nobody tuned', { kind: 'node', name: 'constructor' }, { nginx: { maxretry: 2 } }],
    ['nothing', { kind: 'node', name: 'pve1' }, {}],
  ] as const)('takes the place of what %s said', (_, layer, jails) => {
    const replaced = replaceLayer(TUNING, layer, { ...jails, empty: {} })
    expect(layerOf(replaced, layer)).toEqual(jails)
    expect(tidyTuning(replaced)).toEqual(replaced)
  })

  it('that says nothing is not kept', () => {
    expect(replaceLayer(TUNING, { kind: 'node', name: 'pve1' }, {}).nodes).toEqual({})
    expect(tidyTuning({ ...EMPTY_TUNING, nodes: { a: {}, b: { sshd: {} } } })).toEqual(EMPTY_TUNING)
  })
})

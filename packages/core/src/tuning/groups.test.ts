import { describe, expect, it } from 'vitest'
import type { JailSettings } from '../jail/settings.ts'
import { changeTuning, layerOf, replaceLayer, tidyTuning } from './change.ts'
import { describeChange } from './describe.ts'
import { diffTunings } from './diff.ts'
import { effectiveSettings, overridesFor } from './effective.ts'
import { changeGroup, groupsWith, removeGroup } from './groups.ts'
import { EMPTY_TUNING, type Tuning } from './revision.ts'

const CONFIGURED: JailSettings = { enabled: true, maxretry: 5, findtime: 600, bantime: 600 }
const TUNING: Tuning = {
  fleet: { sshd: { maxretry: 10, findtime: 10, bantime: 10 } },
  clusters: { prod: { sshd: { maxretry: 11, findtime: 11 } } },
  groups: [
    { name: 'edge', nodes: ['pve1', 'pve2'], jails: { sshd: { maxretry: 12 } } },
    { name: 'night', nodes: ['pve1'], jails: { sshd: { maxretry: 13, policy: 'cluster' } } },
  ],
  nodes: { pve2: { sshd: { maxretry: 14 } } },
}

describe('groups among the layers', () => {
  it.each([
    ['a node in no group', 'pve9', null, [10, 10, 10], 'fleet fleet fleet configured'],
    ['a node in a cluster alone', 'pve9', 'prod', [11, 11, 10], 'cluster cluster fleet configured'],
    [
      'a group over the cluster, a later group over an earlier one',
      'pve1',
      'prod',
      [13, 11, 10],
      'group cluster fleet group',
    ],
    ['a node over its group', 'pve2', 'prod', [14, 11, 10], 'node cluster fleet configured'],
  ] as const)('%s', (_, node, cluster, numbers, layers) => {
    const found = effectiveSettings(CONFIGURED, TUNING, { node, cluster }, 'sshd')
    const { maxretry, findtime, bantime } = found.settings
    expect([maxretry, findtime, bantime]).toEqual(numbers)
    const { maxretry: one, findtime: two, bantime: three, policy } = found.layers
    expect([one, two, three, policy].join(' ')).toBe(layers)
  })

  it('travel to their nodes', () => {
    expect(overridesFor(TUNING, { node: 'pve1', cluster: null })['sshd']).toMatchObject({
      maxretry: 13,
      policy: 'cluster',
    })
  })

  it('are known by their nodes, the weakest first', () => {
    expect(groupsWith(TUNING, 'pve1').map(({ name }) => name)).toEqual(['edge', 'night'])
  })
})

describe('a change of groups', () => {
  const edge = { kind: 'group', name: 'edge' } as const

  it('makes one, the strongest, with its nodes once and in order', () => {
    const made = changeGroup(EMPTY_TUNING, 'edge', { nodes: ['pve2', 'pve1', 'pve2'] })
    expect(made.groups).toEqual([{ name: 'edge', nodes: ['pve1', 'pve2'], jails: {} }])
    expect(changeGroup(made, 'night', {}).groups?.map(({ name }) => name)).toEqual(['edge', 'night'])
    expect(changeGroup(made, 'night', { position: 0 }).groups?.map(({ name }) => name)).toEqual([
      'night',
      'edge',
    ])
    expect(EMPTY_TUNING.groups).toBeUndefined()
  })

  it('keeps what is not named', () => {
    const changed = changeGroup(TUNING, 'edge', { nodes: ['pve3'] })
    expect(changed.groups?.[0]).toEqual({ name: 'edge', nodes: ['pve3'], jails: { sshd: { maxretry: 12 } } })
    expect(changeTuning(TUNING, edge, 'sshd', { maxretry: null, bantime: 5 }).groups?.[0]).toEqual({
      name: 'edge',
      nodes: ['pve1', 'pve2'],
      jails: { sshd: { bantime: 5 } },
    })
    expect(layerOf(replaceLayer(TUNING, edge, { nginx: { enabled: false }, x: {} }), edge)).toEqual({
      nginx: { enabled: false },
    })
  })

  it('removes one, and the last one without a trace', () => {
    const one = removeGroup(TUNING, 'night')
    expect(one.groups?.map(({ name }) => name)).toEqual(['edge'])
    expect('groups' in removeGroup(one, 'edge')).toBe(false)
  })

  it('means the same however it was written', () => {
    const untidy: Tuning = {
      ...EMPTY_TUNING,
      groups: [{ name: 'a', nodes: ['y', 'x', 'y'], jails: { sshd: {} } }],
    }
    expect(tidyTuning(untidy).groups).toEqual([{ name: 'a', nodes: ['x', 'y'], jails: {} }])
    expect('groups' in tidyTuning({ ...EMPTY_TUNING, groups: [] })).toBe(false)
  })

  it.each<[string, Tuning, string]>([
    ['made', changeGroup(TUNING, 'new', { nodes: ['pve3'] }), 'group new: none → pve3'],
    ['of other nodes', changeGroup(TUNING, 'night', { nodes: [] }), 'group night: pve1 → no nodes'],
    [
      'in another order',
      changeGroup(TUNING, 'night', { position: 0 }),
      'order of groups: edge, night → night, edge',
    ],
    [
      'set otherwise',
      changeTuning(TUNING, edge, 'sshd', { maxretry: 3 }),
      'sshd on group edge: maxretry 12 → 3',
    ],
    [
      'removed',
      removeGroup(TUNING, 'edge'),
      'group edge: pve1, pve2 → none; sshd on group edge: maxretry 12 → inherited',
    ],
    ['as it was', changeGroup(TUNING, 'edge', {}), 'no change'],
  ])('is told in words: %s', (_, after, words) => {
    expect(describeChange(TUNING, after)).toBe(words)
    expect(diffTunings(after, after)).toEqual([])
  })
})

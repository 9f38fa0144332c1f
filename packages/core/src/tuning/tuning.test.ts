import { describe, expect, it } from 'vitest'
import type { JailSettings } from '../jail/settings.ts'
import { changeTuning } from './change.ts'
import { describeChange } from './describe.ts'
import { effectiveSettings, overridesFor } from './effective.ts'
import { EMPTY_TUNING, type Tuning } from './revision.ts'

const CONFIGURED: JailSettings = { enabled: false, maxretry: 5, findtime: 600, bantime: 600 }
const TUNING: Tuning = {
  fleet: { sshd: { enabled: true, maxretry: 4 }, nginx: { bantime: -1 } },
  clusters: { prod: { sshd: { maxretry: 3, findtime: 300 } } },
  nodes: { pve1: { sshd: { maxretry: 2 } }, constructor: { sshd: { maxretry: 9 } } },
}

describe('effectiveSettings', () => {
  it.each<[string, { node: string; cluster: string | null }, string, Partial<JailSettings>, string]>([
    [
      'nothing said',
      { node: 'pve9', cluster: null },
      'postfix',
      {},
      'configured configured configured configured',
    ],
    [
      'the fleet',
      { node: 'pve9', cluster: null },
      'sshd',
      { enabled: true, maxretry: 4 },
      'fleet fleet configured configured',
    ],
    [
      'the cluster over it',
      { node: 'pve9', cluster: 'prod' },
      'sshd',
      { enabled: true, maxretry: 3, findtime: 300 },
      'fleet cluster cluster configured',
    ],
    [
      'the node over both',
      { node: 'pve1', cluster: 'prod' },
      'sshd',
      { enabled: true, maxretry: 2, findtime: 300 },
      'fleet node cluster configured',
    ],
    [
      'a cluster that nobody tuned',
      { node: 'pve9', cluster: 'test' },
      'nginx',
      { bantime: -1 },
      'configured configured configured fleet',
    ],
    [
      'a name that every object has',
      { node: 'toString', cluster: 'constructor' },
      'valueOf',
      {},
      'configured configured configured configured',
    ],
  ])('%s', (_, where, jail, change, layers) => {
    const effective = effectiveSettings(CONFIGURED, TUNING, where, jail)
    expect(effective.settings).toEqual({ ...CONFIGURED, ...change })
    const { enabled, maxretry, findtime, bantime } = effective.layers
    expect([enabled, maxretry, findtime, bantime].join(' ')).toBe(layers)
  })
})

describe('overridesFor', () => {
  it.each<[{ node: string; cluster: string | null }, unknown]>([
    [{ node: 'pve9', cluster: null }, TUNING.fleet],
    [
      { node: 'pve1', cluster: 'prod' },
      { sshd: { enabled: true, maxretry: 2, findtime: 300 }, nginx: { bantime: -1 } },
    ],
    [
      { node: 'pve1', cluster: null },
      { sshd: { enabled: true, maxretry: 2 }, nginx: { bantime: -1 } },
    ],
  ])('%j', (where, overrides) => {
    expect(overridesFor(TUNING, where)).toEqual(overrides)
  })

  it('says nothing of an untuned fleet', () => {
    expect(overridesFor(EMPTY_TUNING, { node: 'a', cluster: 'b' })).toEqual({})
  })
})

describe('changeTuning', () => {
  it('sets and takes back keys on each layer', () => {
    const fleet = changeTuning(EMPTY_TUNING, { kind: 'fleet' }, 'sshd', { maxretry: 3, enabled: true })
    expect(fleet).toEqual({ ...EMPTY_TUNING, fleet: { sshd: { maxretry: 3, enabled: true } } })
    const cluster = changeTuning(fleet, { kind: 'cluster', name: 'prod' }, 'sshd', { bantime: -1 })
    expect(cluster.clusters).toEqual({ prod: { sshd: { bantime: -1 } } })
    const node = changeTuning(cluster, { kind: 'node', name: 'pve1' }, 'sshd', { findtime: 60 })
    expect(node.nodes).toEqual({ pve1: { sshd: { findtime: 60 } } })
    expect(changeTuning(node, { kind: 'fleet' }, 'sshd', { maxretry: null }).fleet).toEqual({
      sshd: { enabled: true },
    })
  })

  it('leaves no empty entries', () => {
    const tuned = changeTuning(EMPTY_TUNING, { kind: 'node', name: 'pve1' }, 'sshd', { maxretry: 3 })
    expect(changeTuning(tuned, { kind: 'node', name: 'pve1' }, 'sshd', { maxretry: null })).toEqual(
      EMPTY_TUNING,
    )
    expect(changeTuning(EMPTY_TUNING, { kind: 'fleet' }, 'sshd', { maxretry: undefined })).toEqual(
      EMPTY_TUNING,
    )
  })

  it('keeps the given tuning as it is', () => {
    const before = structuredClone(TUNING)
    changeTuning(TUNING, { kind: 'node', name: 'pve1' }, 'sshd', { maxretry: 9 })
    expect(TUNING).toEqual(before)
  })

  it('takes any name for a name', () => {
    const tuned = changeTuning(EMPTY_TUNING, { kind: 'node', name: 'constructor' }, 'toString', {
      maxretry: 3,
    })
    expect(Object.keys(tuned.nodes)).toEqual(['constructor'])
    expect(overridesFor(tuned, { node: 'constructor', cluster: null })).toEqual({ toString: { maxretry: 3 } })
  })
})

describe('describeChange', () => {
  const change = (
    ...args: Parameters<typeof changeTuning> extends [Tuning, ...infer Rest] ? Rest : never
  ): string => describeChange(TUNING, changeTuning(TUNING, ...args))

  it.each<[string, string]>([
    [change({ kind: 'fleet' }, 'sshd', { maxretry: 3 }), 'sshd on all nodes: maxretry 4 → 3'],
    [change({ kind: 'fleet' }, 'sshd', { maxretry: null }), 'sshd on all nodes: maxretry 4 → inherited'],
    [
      change({ kind: 'fleet' }, 'postfix', { enabled: true, bantime: 3_600 }),
      'postfix on all nodes: enabled inherited → yes, bantime inherited → 1h',
    ],
    [
      change({ kind: 'cluster', name: 'prod' }, 'sshd', { findtime: 900 }),
      'sshd on cluster prod: findtime 5m → 15m',
    ],
    [
      change({ kind: 'node', name: 'pve1' }, 'sshd', { bantime: -1 }),
      'sshd on node pve1: bantime inherited → for ever',
    ],
    [
      change({ kind: 'node', name: 'pve1' }, 'sshd', { enabled: false }),
      'sshd on node pve1: enabled inherited → no',
    ],
    [change({ kind: 'fleet' }, 'sshd', { maxretry: 4 }), 'no change'],
    [
      describeChange(EMPTY_TUNING, {
        ...EMPTY_TUNING,
        fleet: { a: { maxretry: 1 } },
        nodes: { n: { b: { maxretry: 2 } } },
      }),
      'a on all nodes: maxretry inherited → 1; b on node n: maxretry inherited → 2',
    ],
  ])('%s', (described, expected) => {
    expect(described).toBe(expected)
  })
})

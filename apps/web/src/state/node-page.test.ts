import type { JailView } from '@warder/protocol/api'
import { describe, expect, it } from 'vitest'
import { jailSample, nodeSample, NOW } from '../sample/sample.ts'
import { concernsOf } from './attention.ts'
import { EMPTY_FLEET } from './fleet.ts'
import { jailsOn, onlyNode, origins } from './node-page.ts'

const OFF = { enabled: false, maxretry: 5, findtime: 600, bantime: 3_600 }

describe('one node of the fleet', () => {
  it('has its own concerns and no others', () => {
    const fleet = {
      ...EMPTY_FLEET,
      nodes: [nodeSample('pve1', { lagMs: 90_000 }), nodeSample('pve2', { state: 'offline' })],
      jails: [
        jailSample('pve2', 'sshd', { state: 'failed' }),
        jailSample('pve1', 'proxmox', { state: 'failed' }),
      ],
    }
    const titles = (name: string): readonly string[] =>
      concernsOf(onlyNode(fleet, name), NOW).map(({ title }) => title)
    expect(titles('pve1')).toEqual(['proxmox does not run on pve1', 'pve1 is 1m 30s behind its logs'])
    expect(titles('pve2')).toEqual(['pve2 is offline', 'sshd does not run on pve2'])
    expect(titles('pve3')).toEqual([])
  })

  it('has jails: those in trouble first, those that nobody uses apart', () => {
    const jails: readonly JailView[] = [
      jailSample('pve1', 'apache', { state: 'disabled', wanted: OFF }),
      jailSample('pve1', 'dovecot'),
      jailSample('pve1', 'nginx', { state: 'unknown' }),
      jailSample('pve1', 'shop', { state: 'paused' }),
      jailSample('pve1', 'sshd'),
      jailSample('pve2', 'proxmox'),
    ]
    const { inUse, off } = jailsOn(jails, 'pve1')
    expect(inUse.map(({ jail }) => jail)).toEqual(['shop', 'dovecot', 'sshd', 'nginx'])
    expect(off.map(({ jail }) => jail)).toEqual(['apache'])
    expect(jailsOn(jails, 'pve9')).toEqual({ inUse: [], off: [] })
  })
})

describe('where the numbers of a jail come from', () => {
  const layers = jailSample('pve1', 'sshd').layers
  it.each<[string, Partial<JailView['layers']>, readonly (readonly [string, string])[]]>([
    ['one place', {}, [["from pve1's own files", 'maxretry findtime bantime']]],
    [
      'three places',
      { maxretry: 'node', findtime: 'group', bantime: 'fleet' },
      [
        ['set for pve1 only', 'maxretry'],
        ['set for a group of nodes', 'findtime'],
        ['set for all nodes', 'bantime'],
      ],
    ],
    [
      'two places, whatever the policy has',
      { findtime: 'cluster', policy: 'node' },
      [
        ["from pve1's own files", 'maxretry bantime'],
        ['set for its cluster', 'findtime'],
      ],
    ],
  ])('%s', (_, own, told) => {
    const jail = jailSample('pve1', 'sshd', { layers: { ...layers, ...own } })
    expect(origins(jail).map(({ words, settings }) => [words, settings.join(' ')])).toEqual(told)
  })
})

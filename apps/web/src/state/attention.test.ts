import type { NodeView } from '@warder/protocol/api'
import { describe, expect, it } from 'vitest'
import { jailSample, nodeSample, NOW } from '../sample/sample.ts'
import { concernsOf } from './attention.ts'
import { EMPTY_FLEET } from './fleet.ts'
import { unenforced } from './unenforced.ts'

const titles = (...nodes: readonly NodeView[]): readonly string[] =>
  concernsOf({ ...EMPTY_FLEET, nodes }, NOW).map((concern) => concern.title)
const source = {
  id: '/var/log/a',
  state: 'reading',
  lines: 1,
  matches: 0,
  lastLineAt: NOW,
  lastMatchAt: null,
} as const
const DRY = { backend: 'dry-run', enforcing: false, reason: 'nft is missing' } as const

describe('concernsOf', () => {
  it('has nothing to say when all is well', () => {
    expect(titles(nodeSample('pve1'))).toEqual([])
  })

  it.each<[Partial<NodeView>, string]>([
    [{ state: 'offline', lastSeenAt: NOW - 180_000 }, 'pve1 is offline'],
    [{ state: 'never-seen', firewall: null }, 'pve1 has not connected yet'],
    [{ firewall: DRY }, 'pve1 blocks nothing'],
    [
      { revision: { wanted: 4, answered: 3, state: 'refused', reason: 'no' } },
      'pve1 refused settings, revision 4',
    ],
    [{ sources: [{ ...source, state: 'lost' }] }, 'pve1 lost /var/log/a'],
    [{ sources: [{ ...source, lastLineAt: NOW - 90_000_000 }] }, 'pve1: no line for a day in /var/log/a'],
    [
      { alarms: [{ kind: 'disk-low', jail: null, title: 'pve1 has 12 MB left', detail: 'Free some.' }] },
      'pve1 has 12 MB left',
    ],
    [{ lagMs: 12_000 }, 'pve1 is 12.0 s behind its logs'],
  ])('%j: %s', (over, title) => expect(titles(nodeSample('pve1', over))).toEqual([title]))

  it('puts problems first, and tells of jails that do not run', () => {
    const fleet = {
      ...EMPTY_FLEET,
      nodes: [nodeSample('pve1', { lagMs: 90_000 })],
      jails: [jailSample('pve1', 'sshd', { state: 'failed', reason: 'bad filter' })],
    }
    expect(concernsOf(fleet, NOW).map((concern) => [concern.tone, concern.href])).toEqual([
      ['problem', '/jails?jail=sshd'],
      ['warning', '/nodes/pve1'],
    ])
  })

  it('names a jail that is paused, and leads to its filter', () => {
    const shop = jailSample('pve1', 'shop', {
      state: 'paused',
      filter: 'door',
      reason: 'its expressions took long',
    })
    expect(concernsOf({ ...EMPTY_FLEET, jails: [shop] }, NOW)).toEqual([
      {
        key: 'pve1 jail shop',
        tone: 'problem',
        title: 'shop is paused on pve1: filter door is too slow',
        detail: 'Its expressions took long.',
        href: '/filters?node=pve1&jail=shop',
      },
    ])
  })

  it('does not go on about the numbers of a node that is away', () => {
    expect(titles(nodeSample('pve1', { state: 'offline', outboxDepth: 9_000 }))).toEqual(['pve1 is offline'])
  })
})

describe('unenforced', () => {
  it('tells nodes with the same reason together', () => {
    const nodes = [
      nodeSample('pve1', { firewall: DRY }),
      nodeSample('pve2'),
      nodeSample('pve3', { firewall: DRY }),
    ]
    expect(unenforced(nodes)).toEqual([
      { what: 'Dry run', names: ['pve1', 'pve3'], reason: 'nft is missing.' },
    ])
  })
})

import { expect, it } from 'vitest'
import { lineOf } from './changes.ts'

it.each([
  [
    { kind: 'jail', layer: { kind: 'fleet' }, jail: 'sshd', key: 'findtime', before: null, after: 600 },
    { place: 'sshd on all nodes', key: 'findtime', before: 'inherited', after: '10m' },
  ],
  [
    {
      kind: 'jail',
      layer: { kind: 'node', name: 'pve1' },
      jail: 'sshd',
      key: 'enabled',
      before: true,
      after: false,
    },
    { place: 'sshd on pve1', key: 'enabled', before: 'yes', after: 'no' },
  ],
  [
    { kind: 'filterLocalNetworks', before: null, after: true },
    { place: 'all nodes', key: 'local networks', before: 'as each node says', after: 'can be banned' },
  ],
] as const)('shows a difference in words (%#)', (change, line) => expect(lineOf(change)).toEqual(line))

import type { BanView } from '@warder/protocol/api'
import { describe, expect, it } from 'vitest'
import { banViewSample, NOW } from '../sample/sample.ts'
import { evidenceIn } from './evidence.ts'

const ticket = {
  failures: 5,
  maxretry: 5,
  findtime: 600,
  first: NOW - 2_000,
  last: NOW,
  users: ['root'],
  lines: ['Failed password for root'],
}
const made = banViewSample(1, { ticket })
const on = (node: string, more: Partial<BanView> = {}): BanView => ({ ...made, node, ...more })
const from = { share: 's1', nodes: ['pve1'], jail: 'sshd', policy: 'cluster' }
const other = banViewSample(2, { ticket: { ...ticket, last: NOW + 1 } })

describe('evidence that is told once', () => {
  it.each<[string, readonly BanView[], readonly string[]]>([
    ['a ban', [on('pve1')], ['pve1']],
    [
      'one that the cluster has, told by who made it',
      [on('pve2', { from, why: 'shared' }), on('pve1')],
      ['pve1'],
    ],
    ['one that is only left where it came to', [on('pve2', { from }), on('pve3', { from })], ['pve3']],
    [
      'one of its own on each of two nodes',
      [on('pve1'), { ...other, node: 'pve2', why: 'else' }],
      ['pve1', 'pve2'],
    ],
    [
      'an order that went to two nodes',
      [on('pve1', { ticket: null }), on('pve2', { ticket: null })],
      ['pve2'],
    ],
    [
      'an order beside a shared one',
      [on('pve1', { ticket: null }), on('pve2', { from, ticket: null })],
      ['pve2'],
    ],
  ])('%s', (_, bans, nodes) => {
    expect(evidenceIn(bans).map(({ node }) => node)).toEqual(nodes)
  })
})

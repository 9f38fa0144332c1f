import type { NodeStatus } from '@warder/protocol'
import { describe, expect, it } from 'vitest'
import { notTaken } from './words.ts'

describe('bans that the firewall does not take', () => {
  it.each([
    ['nftables', false, 'the bans are noted, but the firewall takes nothing: no permission'],
    ['ipset', false, 'the bans are noted, but the firewall takes nothing: no permission'],
    ['nftables', true, null],
    ['dry-run', false, null],
  ] as const)('are told of %s, enforcing: %s', (backend, enforcing, message) => {
    const report = { firewall: { backend, enforcing, reason: 'no permission' } } as NodeStatus
    const told = notTaken(report, 'the bans are')
    expect(told?.ok === false ? told.message : told).toBe(message)
  })
})

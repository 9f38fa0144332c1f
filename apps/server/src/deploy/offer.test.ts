import { describe, expect, it } from 'vitest'
import type { NodeRow } from '../nodes/store.ts'
import { isOutdated, nodeOf } from './offer.ts'
import { isWellAt } from './seen.ts'

const node = (name: string, address: string): NodeRow => ({
  id: 1,
  name,
  address,
  cluster: null,
  enrolledAt: 0,
  lastSeenAt: null,
  removedAt: null,
})

describe('what a server offers', () => {
  it.each([
    ['0.1.0', '0.2.0', true],
    ['0.2.0', '0.2.0+1', false],
    ['0.10.0', '0.2.0', false],
    [null, '0.2.0', false],
  ])('an agent of version %s is older than package %s: %s', (agent, shipped, old) =>
    expect(isOutdated(agent, shipped)).toBe(old),
  )

  it.each([
    ['pve1', '192.0.2.11', 'pve1'],
    ['PVE1', null, 'pve1'],
    ['renamed', '192.0.2.11', 'pve1'],
    ['pve2', '192.0.2.12', null],
    ['pve2', null, null],
  ])('knows member %s at %s as %s', (name, address, known) => {
    const member = { name, address, isOnline: true, isHere: false }
    expect(nodeOf(member, [node('pve1', '192.0.2.11')])).toBe(known)
  })

  it.each([
    [{ onlineSince: null, reportedAt: 50 }, 0, 60, false],
    [{ onlineSince: 40, reportedAt: null }, 0, 60, false],
    [{ onlineSince: 40, reportedAt: 50 }, 0, 60, true],
    [{ onlineSince: 40, reportedAt: 50 }, 45, 60_000, false],
    [{ onlineSince: 50, reportedAt: 40 }, 45, 60_000, false],
    [{ onlineSince: 50, reportedAt: 55 }, 45, 60, false],
    [{ onlineSince: 50, reportedAt: 55 }, 45, 5_050, true],
  ])('calls a node %j well since %i at %i: %s', (sight, since, now, well) =>
    expect(isWellAt(sight, since, now)).toBe(well),
  )
})

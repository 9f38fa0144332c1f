import { describe, expect, it } from 'vitest'
import { Lifted } from './lifted.ts'
import { Together } from './together.ts'

const NOW = 1_795_176_000_000
const SECOND = 1_000
const settings = { maxretry: 3, findtime: 600 }

/** Failures as `node@seconds`: how long ago each happened → the nodes of the ban that they lead to. */
function reached(...failures: readonly string[]): string {
  const together = new Together()
  const found = failures.map((text) => {
    const [node, ago] = text.split('@').map(Number)
    const failure = { jail: 'sshd', ip: '192.0.2.1', at: NOW - (ago ?? 0) * SECOND, line: text }
    return together.count({ cluster: 'lab', nodeId: node ?? 0, failure, settings }, NOW)
  })
  return found.map((one) => (one === null ? '-' : one.nodeIds.join('+'))).join(' ')
}

describe('failures of an address on the nodes of a cluster', () => {
  it.each([
    [['1@3', '2@2', '3@1'], '- - 1+2+3'],
    [['1@3', '1@2', '1@1'], '- - 1'],
    [['1@3', '1@2', '2@1'], '- - 1+2'],
    [['1@3', '2@2', '3@1', '1@0', '2@0', '3@0'], '- - 1+2+3 - - 1+2+3'],
    // A node that was away reports late: they count by their own time, and not at all beyond findtime.
    [['2@1', '3@1', '1@500'], '- - 2+3+1'],
    [['2@1', '3@1', '1@601'], '- - -'],
  ])('%j', (failures, expected) => expect(reached(...failures)).toBe(expected))

  it('are counted apart in other clusters and jails, and forgotten with a lift', () => {
    const together = new Together()
    const count = (cluster: string, jail: string, nodeId: number): boolean => {
      const failure = { jail, ip: '192.0.2.1', at: NOW, line: '' }
      return (
        together.count({ cluster, nodeId, failure, settings: { maxretry: 2, findtime: 600 } }, NOW) !== null
      )
    }
    expect(count('lab', 'sshd', 1)).toBe(false)
    expect(count('lab', 'web', 2)).toBe(false)
    expect(count('other', 'sshd', 3)).toBe(false)
    together.forgetAll(['192.0.2.0/24'], 'sshd')
    expect(count('lab', 'sshd', 2)).toBe(false)
    expect(count('lab', 'web', 1)).toBe(true)
  })

  it('go on where they were before a restart', () => {
    const together = new Together()
    const seen = (nodeId: number) => ({
      cluster: 'lab',
      nodeId,
      failure: { jail: 'sshd', ip: '192.0.2.1', at: NOW - nodeId, line: '' },
      settings,
    })
    together.add(seen(2))
    together.add(seen(1))
    expect(together.count(seen(3), NOW)?.nodeIds.toSorted()).toEqual([1, 2, 3])
  })
})

describe('lifts everywhere', () => {
  const lifted = new Lifted([
    { ip: '192.0.2.1', jail: null, issuedAt: 10 },
    { ip: '192.0.2.1', jail: 'sshd', issuedAt: 20 },
    { ip: '198.51.100.0/24', jail: 'web', issuedAt: 30 },
    { ip: '2001:db8:1:2::7', jail: null, issuedAt: 40 },
    { ip: '203.0.113.9', jail: null, issuedAt: 50 },
  ])
  it.each([
    ['192.0.2.1', 'sshd', 20],
    ['192.0.2.1', 'web', 10],
    ['192.0.2.2', 'sshd', null],
    ['198.51.100.7', 'web', 30],
    ['198.51.100.0/25', 'web', 30],
    ['198.51.100.0/23', 'web', null],
    ['198.51.100.7', 'sshd', null],
    ['2001:db8:1:2::/64', 'sshd', 40],
    ['2001:db8:1:3::/64', 'sshd', null],
    ['203.0.113.0/24', 'sshd', 50],
    ['203.0.113.0/25', 'sshd', null],
  ])('%s in %s', (ip, jail, at) => expect(lifted.lastAt(ip, jail)).toBe(at))
})

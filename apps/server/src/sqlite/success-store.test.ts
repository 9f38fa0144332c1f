import type { NodeEvent } from '@warder/core'
import { PATHS } from '@warder/protocol/paths'
import { describe, expect, it } from 'vitest'
import { failure, LabNode, report } from '../lab/agent.ts'
import { openLabDatabase, planOf } from './lab.ts'
import { NOON, startLab } from '../lab/server.ts'
import { SUCCESS_SQL } from './success-store.ts'

const MINUTE = 60_000
const DAY = 86_400_000
type Success = Extract<NodeEvent, { kind: 'success.found' }>
const success = (ip: string, succeededAt: number, more: Partial<Success> = {}): NodeEvent => ({
  kind: 'success.found',
  jail: 'sshd',
  ip,
  succeededAt,
  user: 'ada',
  count: 1,
  ...more,
})

describe('successful logins', () => {
  it('are told of an address and of a subnet, with the ban, in the preview and among the events', async () => {
    await using lab = await startLab()
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    link.send({ kind: 'status', status: node.status(NOON) })
    await report(
      link,
      node.record(
        NOON,
        ...[4, 3, 2, 1].map((minutes) => failure('203.0.113.9', NOON - minutes * MINUTE)),
        success('203.0.113.9', NOON - 50 * MINUTE, { count: 2, user: 'root' }),
        success('203.0.113.9', NOON - 10 * MINUTE),
        success('203.0.113.77', NOON - 8 * DAY),
      ),
    )
    const seen = {
      count: 3,
      lastAt: NOON - 10 * MINUTE,
      users: ['ada', 'root'],
      jails: ['sshd'],
      nodes: ['pve1'],
    }
    const of = async (ip: string) => (await lab.as('GET', PATHS.address(ip))).body.successes
    expect(await of('203.0.113.9')).toEqual(seen)
    expect(await of('203.0.113.0/24')).toEqual(seen)
    expect(await of('203.0.113.77')).toBeNull()
    expect(await of('198.51.100.1')).toBeNull()
    expect((await lab.as('POST', PATHS.bans, { ip: '203.0.113.9' })).body.successes).toEqual(seen)
    await expect
      .poll(async () => (await lab.as('GET', `${PATHS.jails}?node=pve1`)).body.length, { timeout: 10_000 })
      .toBe(1)
    const { body } = await lab.as('POST', PATHS.tuningPreview, { jail: 'sshd', maxretry: 3 })
    expect(body.nodes[0].banned.addresses).toMatchObject([{ ip: '203.0.113.9', successes: seen }])
    const events = (await lab.as('GET', `${PATHS.events}?kind=success.found`)).body.rows
    expect(events).toHaveLength(3)
  })

  it('add up over nodes, jails and hours, and are forgotten in steps', () => {
    using lab = openLabDatabase()
    const { nodes, successes } = lab.stores
    const [one = 0, two = 0] = ['pve1', 'pve2'].map((name) =>
      nodes.add({ name, cluster: null, enrolledAt: NOON }),
    )
    const add = (node: number, ip: string, at: number, more: Partial<Success> = {}) =>
      successes.add(node, NOON, success(ip, at, more) as Success)
    add(one, '2001:db8::1', NOON - 3 * DAY)
    add(one, '2001:db8::1', NOON - 3 * DAY + 1)
    add(two, '2001:db8::1', NOON - DAY, { jail: 'proxmox', user: 'root@pam' })
    // From a clock that is ahead.
    add(two, '192.0.2.1', NOON + DAY)
    expect(successes.seen('2001:db8::/64', 0)).toEqual({
      count: 3,
      lastAt: NOON - DAY,
      users: ['root@pam', 'ada'],
      jails: ['proxmox', 'sshd'],
      nodes: ['pve2', 'pve1'],
    })
    expect(successes.seen('2001:db8::1', NOON - 2 * DAY)?.count).toBe(1)
    expect(successes.seen('192.0.2.1', 0)?.lastAt).toBe(NOON)
    expect(successes.seenOf(['192.0.2.1', '192.0.2.2'], 0).map(([ip]) => ip)).toEqual(['192.0.2.1'])
    expect(successes.forget(NOON - 2 * DAY, 10)).toBe(1)
    expect(successes.forget(NOON + DAY, 1)).toBe(1)
    expect(successes.forget(NOON + DAY, 10)).toBe(1)
    expect(successes.seen('0.0.0.0/0', 0)).toBeNull()
  })

  it('are read from an index', () => {
    using lab = openLabDatabase()
    expect(planOf(lab.db, SUCCESS_SQL.of)).toContain('PRIMARY KEY (address>? AND address<?)')
    expect(planOf(lab.db, SUCCESS_SQL.forget)).toContain('successes_by_time')
  })
})

import { describe, expect, it } from 'vitest'
import { PATHS } from '@warder/protocol/paths'
import { failure, LabNode, report } from '../lab/agent.ts'
import { startLab } from '../lab/server.ts'
import { wouldBan } from './lockout.ts'

const NOW = 1_000_000_000
const settings = (maxretry: number, findtime: number, enabled = true) => ({
  enabled,
  maxretry,
  findtime,
  bantime: 600,
})
/** Failures so many seconds ago. */
const ago = (...seconds: readonly number[]) => seconds.map((each) => NOW - each * 1_000)

it.each([
  ['fewer failures are allowed', ago(10, 20, 30), settings(5, 600), settings(3, 600), true],
  ['one more would be needed', ago(10, 20), settings(5, 600), settings(3, 600), false],
  ['they are counted for longer', ago(10, 700, 800), settings(3, 600), settings(3, 3_600), true],
  ['they are too old', ago(10, 20, 601), settings(5, 600), settings(3, 600), false],
  ['the jail is turned on', ago(1, 2, 3), settings(3, 600, false), settings(3, 600), true],
  ['it is turned off', ago(1, 2, 3), settings(5, 600), settings(3, 600, false), false],
  ['they were enough before', ago(1, 2, 3), settings(3, 600), settings(2, 600), false],
  ['there are none', [], settings(5, 600), settings(1, 600), false],
])('a change bans whoever asks where %s', (_, failedAt, before, after, expected) =>
  expect(wouldBan({ failedAt, before, after }, NOW)).toBe(expected),
)

describe('a tuning that would ban the one who asks', () => {
  it('is refused, unless they type their address', async () => {
    await using lab = await startLab({ config: { trusted_proxies: ['127.0.0.1'] } })
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    link.send({ kind: 'status', status: node.status(lab.clock.now()) })
    const now = lab.clock.now()
    const failures = [1, 2, 3].map((minutes) => failure('198.51.100.7', now - minutes * 60_000))
    await report(link, node.record(now, ...failures))
    const tune = async (address: string, body: object) =>
      lab.call('PUT', PATHS.jailSettings('sshd'), {
        body,
        headers: { cookie: await lab.cookie(), origin: lab.url, 'x-forwarded-for': address },
      })
    const refused = await tune('198.51.100.7', { maxretry: 3 })
    expect([refused.status, refused.body.code]).toEqual([409, 'settings.self'])
    expect(refused.body.message).toContain('198.51.100.7')
    expect((await tune('198.51.100.7', { maxretry: 4 })).status).toBe(200)
    expect((await tune('203.0.113.5', { maxretry: 3 })).status).toBe(200)
    await tune('203.0.113.5', { maxretry: 5 })
    expect((await tune('198.51.100.7', { maxretry: 3, confirm: '198.51.100.7' })).body.revision).toBe(4)
  })
})

import { PATHS } from '@warder/protocol/paths'
import { describe, expect, it } from 'vitest'
import { LabNode } from '../lab/agent.ts'
import { NOON, startLab } from '../lab/server.ts'
import { decide, fingerprintOf, KEPT_MS } from './decide.ts'

const answer = { status: 200, type: 'application/json', etag: null, body: '{}' }

it.each([
  ['of nobody is worked on', null, 'a', 'work'],
  ['that was answered is answered again', { at: 0, fingerprint: 'a', answer }, 'a', 'replay'],
  ['of another call is refused', { at: 0, fingerprint: 'a', answer }, 'b', 'other'],
  ['that is worked on waits', { at: 0, fingerprint: 'a', answer: null }, 'a', 'wait'],
  ['that was broken off is worked on', { at: -200_000, fingerprint: 'a', answer: null }, 'a', 'work'],
  ['of the day before is worked on', { at: -KEPT_MS - 1, fingerprint: 'b', answer }, 'a', 'work'],
])('a key %s', (_, kept, fingerprint, kind) => expect(decide(kept, fingerprint, 0).kind).toBe(kind))

it('a call is told from others by method, path and body', () => {
  const calls = [
    fingerprintOf('POST', '/a', { x: 1 }),
    fingerprintOf('PUT', '/a', { x: 1 }),
    fingerprintOf('POST', '/b', { x: 1 }),
    fingerprintOf('POST', '/a', { x: 2 }),
    fingerprintOf('POST', '/a', undefined),
  ]
  expect(new Set(calls).size).toBe(calls.length)
  expect(fingerprintOf('POST', '/a', { x: 1 })).toBe(calls[0])
})

describe('a call that is sent again with its key', () => {
  it('is done once and answered the same, also after a restart', async () => {
    await using lab = await startLab()
    const node = new LabNode('pve1')
    await node.join(lab)
    const send = async (body: unknown, key: string, path: string = PATHS.bans) =>
      lab.call('POST', path, {
        body,
        headers: { cookie: await lab.cookie(), origin: lab.url, 'idempotency-key': key },
      })
    const first = await send({ ip: '203.0.113.9' }, 'k1')
    expect(first.status).toBe(200)
    const again = await send({ ip: '203.0.113.9' }, 'k1')
    expect(again).toMatchObject({ status: 200, body: first.body })
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect(await send({ ip: '203.0.113.8' }, 'k1')).toMatchObject({
      status: 409,
      body: { code: 'idempotency.conflict' },
    })
    expect((await send({ ip: '203.0.113.9' }, 'k2')).body).not.toEqual(first.body)
    // A refusal is an answer too; what does not fit its schema was never begun.
    expect((await send({ ip: 'x1' }, 'k3')).status).toBe(400)
    expect((await send({ ip: 'x1' }, 'k3')).headers.get('idempotency-replayed')).toBe('true')
    expect((await send({ ip: 5 }, 'k4')).status).toBe(400)
    expect((await send({ ip: '203.0.113.7' }, 'k4')).status).toBe(200)
    expect((await send({ ip: '203.0.113.7' }, 'a key')).body.code).toBe('input.invalid')
    const bans = (await lab.as('GET', PATHS.audit)).body.rows.filter(
      ({ action }: { action: string }) => action === 'ban.add',
    )
    expect(bans).toHaveLength(3)
    // Secrets are not in the database in plain text.
    const token = await send({ name: 'ci' }, 'k5', PATHS.tokens)
    expect((await send({ name: 'ci' }, 'k5', PATHS.tokens)).body.secret).toBe(token.body.secret)
    lab.clock.advance(KEPT_MS + 1)
    expect(lab.clock.now()).toBeGreaterThan(NOON)
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failure, LabNode, report } from '../lab/agent.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'
import { toText } from './text.ts'

describe('the text for Prometheus', () => {
  it('escapes what is not ours', () => {
    const samples = [{ labels: { node: 'a"b\\c\nd' }, value: 1.5 }, { value: 2 }]
    expect(toText([{ name: 'x', type: 'gauge', help: 'a\nb', samples }])).toBe(
      '# HELP x a\\nb\n# TYPE x gauge\nx{node="a\\"b\\\\c\\nd"} 1.5\nx 2\n',
    )
  })
})

describe('GET /metrics', () => {
  let lab: Lab
  beforeEach(async () => {
    lab = await startLab()
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  it('tells this machine what nodes and the server count', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    await report(link, node.record(NOON, failure('203.0.113.9', NOON), failure('203.0.113.9', NOON)))
    const figures = { lines: 7_000, matches: 12, queued: 2, diskFreeBytes: 123_000_000 }
    link.send({ kind: 'status', status: node.status(NOON - 60_000, { outboxDepth: 4, figures }) })
    const text = async () => String((await lab.call('GET', '/metrics')).body)
    await expect.poll(text).toContain('warder_node_lines_total{node="pve1"} 7000\n')
    const answer = await lab.call('GET', '/metrics')
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    for (const line of [
      'warder_events_total 2',
      'warder_node_up{node="pve1"} 1',
      'warder_node_outbox_events{node="pve1"} 4',
      'warder_node_clock_skew_seconds{node="pve1"} -60',
      'warder_node_alarms{node="pve1",kind="clock-skew"} 1',
      'warder_node_alarms{node="pve1",kind="disk-low"} 1',
    ])
      expect(answer.body).toContain(`${line}\n`)
    expect(answer.body).toMatch(/^process_resident_memory_bytes \d+$/m)
  })

  it('is not for whom a proxy on this machine brings, unless they are signed in', async () => {
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip'])
      expect((await lab.call('GET', '/metrics', { headers: { [name]: '203.0.113.9' } })).status).toBe(401)
    const cookie = await lab.cookie()
    const headers = { cookie, 'x-forwarded-for': '203.0.113.9' }
    expect((await lab.call('GET', '/metrics', { headers })).status).toBe(200)
  })

  it('has probes beside it', async () => {
    for (const path of ['/healthz', '/readyz'])
      expect(await lab.call('GET', path)).toMatchObject({ status: 200, body: { status: 'ok' } })
  })
})

import type { Answer, Down, HardeningFinding } from '@warder/protocol'
import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LabNode } from '../lab/agent.ts'
import { startLab, type Answer as HttpAnswer, type Lab } from '../lab/server.ts'
import type { LabSocket } from '../lab/socket.ts'

let lab: Lab
let link: LabSocket<Down>
beforeEach(async () => {
  lab = await startLab()
  ;({ link } = await new LabNode('pve1').join(lab))
  await lab.cookie()
})
afterEach(() => lab[Symbol.asyncDispose]())

const HARDENING = PATHS.nodeHardening('pve1')
const LEVEL = PATHS.nodeHardeningFinding('pve1', 'journald-level')
const FINDING: HardeningFinding = {
  id: 'journald-level',
  state: 'found',
  severity: 'high',
  title: 'Level',
  cause: 'MaxLevelStore=warning',
  effect: 'Nobody is banned.',
  fix: 'A drop-in.',
  byHand: ['systemctl restart systemd-journald'],
  undo: 'It is removed.',
}

/** Asks by REST and answers as the node. */
async function asked(
  how: readonly ['GET' | 'POST', string, object?],
  answer: Answer,
): Promise<{ question: unknown; answer: HttpAnswer }> {
  const [method, path, body] = how
  const waiting = lab.as(method, path, body)
  const { id, question } = await link.next('question')
  link.send({ kind: 'answer', id, answer })
  return { question, answer: await waiting }
}

const newest = async () => (await lab.as('GET', PATHS.audit)).body.rows[0]

describe('hardening', () => {
  it('is asked of the node', async () => {
    const told = await asked(['GET', HARDENING], { kind: 'hardening', findings: [FINDING] })
    expect(told.question).toEqual({ kind: 'hardening' })
    expect(told.answer).toMatchObject({ status: 200, body: { findings: [FINDING] } })
  })

  it.each(['apply', 'restore'] as const)('is changed by %s, which is noted in the audit', async (action) => {
    const findings = [{ ...FINDING, state: 'applied' as const }]
    const told = await asked(['POST', LEVEL, { action }], { kind: 'hardening', findings })
    expect(told.question).toEqual({ kind: 'harden', id: 'journald-level', action })
    expect(told.answer.body).toEqual({ findings })
    expect(await newest()).toMatchObject({
      actor: 'ada',
      action: `hardening.${action}`,
      target: 'journald-level on pve1',
      after: { result: 'applied' },
    })
  })

  it('that the node refuses is noted too', async () => {
    const refusal = { kind: 'refused', code: 'failed', reason: 'it is advice only' } as const
    const { answer } = await asked(['POST', LEVEL, { action: 'apply' }], refusal)
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'node.failed', message: 'The node says: it is advice only.' },
    })
    expect((await newest()).after).toEqual({ result: 'The node says: it is advice only.' })
  })

  it.each([
    [PATHS.nodeHardeningFinding('pve1', '../etc'), { action: 'apply' }],
    [LEVEL, { action: 'destroy' }],
    [LEVEL, {}],
  ])('refuses %s %j', async (path, body) =>
    expect((await lab.as('POST', path, body)).body.code).toBe('input.invalid'),
  )

  it('is given half a minute, since services are restarted', async () => {
    const waiting = lab.as('POST', LEVEL, { action: 'apply' })
    await link.next('question')
    lab.clock.advance(29_000)
    lab.clock.advance(1_000)
    expect((await waiting).body).toMatchObject({
      code: 'node.silent',
      message: 'pve1 did not answer within 30 s.',
    })
  })

  it('is asked of one node so often and no more, whatever others were asked', async () => {
    const enrolled = { cluster: 'lab', enrolledAt: lab.clock.now(), events: [] }
    for (const node of ['pve8', 'pve9']) lab.server.ingestHistory({ node, ...enrolled })
    const codeOf = async (node: string) => (await lab.as('GET', PATHS.nodeHardening(node))).body.code
    for (let ask = 0; ask < 30; ask++) expect(await codeOf('pve8')).toBe('node.away')
    expect(await codeOf('pve8')).toBe('rate.limited')
    expect(await codeOf('pve9')).toBe('node.away')
  })

  it('is not asked of an agent that does not know it, nor of one that is away', async () => {
    const old = new LabNode('old')
    old.version = 2
    await old.join(lab)
    expect((await lab.as('GET', PATHS.nodeHardening('old'))).body.code).toBe('node.old')
    expect((await lab.as('GET', PATHS.nodeHardening('nobody'))).body.code).toBe('node.unknown')
    link.cut()
    await expect.poll(async () => (await lab.as('GET', HARDENING)).body.code).toBe('node.away')
  })
})

describe('the doctor', () => {
  const report = {
    at: 1_795_176_000_000,
    jails: [
      {
        jail: 'sshd',
        source: 'journal',
        verdict: 'alive' as const,
        ip: '203.0.113.77',
        line: 'Failed password for root from 203.0.113.77 port 4000 ssh2',
        hops: [{ hop: 'read' as const, state: 'ok' as const, ms: 310.5, said: 'read' }],
      },
    ],
    findings: [],
  }

  it.each([[{}], [{ jail: 'sshd' }]])('is asked for %j', async (body) => {
    const told = await asked(['POST', PATHS.nodeDoctor('pve1'), body], { kind: 'doctor', report })
    expect(told.question).toEqual({ kind: 'doctor', ...body })
    expect(told.answer).toMatchObject({ status: 200, body: report })
    expect(await newest()).toMatchObject({
      action: 'doctor.run',
      target: 'pve1',
      after: { jails: ['sshd alive'] },
    })
  })

  it('is not asked for anything that cannot be a jail', async () => {
    const answer = await lab.as('POST', PATHS.nodeDoctor('pve1'), { jail: '../x' })
    expect(answer.body.code).toBe('input.invalid')
  })

  it('tells of what it tried as an event of its own, which is no failure and alarms nobody', async () => {
    link.send({
      kind: 'events',
      events: [
        {
          seq: 1,
          at: report.at,
          event: { kind: 'jail.tried', jail: 'sshd', ip: '203.0.113.77', passed: false },
        },
      ],
    })
    expect(await link.next('ack')).toMatchObject({ acked: 1 })
    const { rows } = (await lab.as('GET', PATHS.events)).body
    expect(rows[0].event).toMatchObject({ kind: 'jail.tried', ip: '203.0.113.77' })
    expect((await lab.as('GET', PATHS.overview)).body).toMatchObject({ failuresLastDay: 0 })
    expect((await lab.as('GET', PATHS.addresses)).body.rows).toEqual([])
  })
})

describe('the log of the agent itself', () => {
  const LOG = PATHS.nodeLog('pve1')
  const LINE = { at: 1_795_176_000_000, level: 'warn', part: 'source', text: 'a source is lost' } as const

  it('is asked of the node, and noted in the audit without the lines', async () => {
    const told = await asked(['GET', `${LOG}?limit=5`], { kind: 'log', lines: [LINE] })
    expect(told.question).toEqual({ kind: 'log', limit: 5 })
    expect(told.answer).toMatchObject({ status: 200, body: { lines: [LINE] } })
    expect(await newest()).toMatchObject({
      actor: 'ada',
      action: 'log.read',
      target: 'pve1',
      after: { lines: 1 },
    })
  })

  it.each(['0', '201', 'all'])('is not asked for %s lines', async (limit) => {
    expect((await lab.as('GET', `${LOG}?limit=${limit}`)).status).toBe(400)
  })
})

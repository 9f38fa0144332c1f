import type { Answer, Down } from '@warder/protocol'
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

const LINES = PATHS.sourceLines('pve1', '/var/log/auth.log')
const LINE = { text: 'Nov 20 11:00:00 pve1 <b>x</b> \u0007', writtenAt: null }

/** Asks by REST and answers as the node. */
async function asked(path: string, answer: Answer): Promise<{ question: unknown; answer: HttpAnswer }> {
  const waiting = lab.as('GET', path)
  const { id, question } = await link.next('question')
  link.send({ kind: 'answer', id, answer })
  return { question, answer: await waiting }
}

describe('the filters of a node', () => {
  it('are asked of the node', async () => {
    const filter = {
      name: 'door',
      jails: ['door'],
      prefregex: null,
      failregex: ['^bad login from <HOST>$'],
      ignoreregex: [],
      datepattern: null,
      maxlines: 1,
    }
    const told = await asked(PATHS.nodeFilters('pve1'), { kind: 'filters', filters: [filter], cut: false })
    expect(told.question).toEqual({ kind: 'filters' })
    expect(told.answer).toMatchObject({ status: 200, body: { filters: [filter], cut: false } })
  })
})

describe('the last lines of a source', () => {
  it('are asked of the node, and noted in the audit without the lines', async () => {
    const told = await asked(LINES, { kind: 'lines', lines: [LINE], zone: 60, cut: true })
    expect(told.question).toEqual({ kind: 'lines', source: '/var/log/auth.log', limit: 200 })
    expect(told.answer.body).toEqual({ lines: [LINE], zone: 60, cut: true })
    const [entry] = (await lab.as('GET', PATHS.audit)).body.rows
    expect(entry).toMatchObject({ actor: 'ada', action: 'lines.read', target: '/var/log/auth.log on pve1' })
    expect(entry.after).toEqual({ lines: 1 })
  })

  it('may be fewer, and those of one jail', async () => {
    const path = `${PATHS.sourceLines('pve1', 'journal')}?limit=5&jail=sshd`
    const { question } = await asked(path, { kind: 'lines', lines: [], zone: 0, cut: false })
    expect(question).toEqual({ kind: 'lines', source: 'journal', limit: 5, jail: 'sshd' })
  })

  it.each([
    ['source-unknown', 404, 'source.unknown'],
    ['source-unreadable', 409, 'source.unreadable'],
    ['failed', 409, 'node.failed'],
  ] as const)('that the node refuses as %s are %s %s', async (code, status, error) => {
    const { answer } = await asked(LINES, { kind: 'refused', code, reason: 'no jail reads it' })
    expect(answer).toMatchObject({
      status,
      body: { code: error, message: 'The node says: no jail reads it.' },
    })
    expect((await lab.as('GET', PATHS.audit)).body.rows[0].action).not.toBe('lines.read')
  })

  it('are not given for another kind of answer', async () => {
    const { answer } = await asked(LINES, { kind: 'filters', filters: [], cut: false })
    expect(answer.body.code).toBe('node.failed')
  })

  it.each([['?limit=0'], ['?limit=1001'], ['?jail=../x'], ['?follow=1']])('refuse %s', async (query) =>
    expect((await lab.as('GET', LINES + query)).body.code).toBe('input.invalid'),
  )
})

describe('a node that cannot answer', () => {
  it('is unknown', async () => {
    expect((await lab.as('GET', PATHS.nodeFilters('nobody'))).body.code).toBe('node.unknown')
  })

  it('is away, before it is asked or while it should answer', async () => {
    const waiting = lab.as('GET', LINES)
    await link.next('question')
    link.cut()
    expect(await waiting).toMatchObject({ status: 409, body: { code: 'node.away' } })
    await expect.poll(async () => (await lab.as('GET', LINES)).body.code).toBe('node.away')
  })

  it('is silent for five seconds', async () => {
    const waiting = lab.as('GET', LINES)
    const { id } = await link.next('question')
    lab.clock.advance(5_000)
    expect((await waiting).body.code).toBe('node.silent')
    // An answer that comes too late is dropped; the link goes on.
    link.send({ kind: 'answer', id, answer: { kind: 'lines', lines: [], zone: 0, cut: false } })
    const told = await asked(LINES, { kind: 'lines', lines: [LINE], zone: 0, cut: false })
    expect(told.answer.status).toBe(200)
  })

  it('is one whose agent speaks the link as it was before questions', async () => {
    const old = new LabNode('old')
    old.version = 1
    await old.join(lab)
    expect((await lab.as('GET', PATHS.nodeFilters('old'))).body).toMatchObject({ code: 'node.old' })
  })

  it('is not answered for by another', async () => {
    const other = await new LabNode('pve2').join(lab)
    const waiting = lab.as('GET', LINES)
    const { id } = await link.next('question')
    other.link.send({ kind: 'answer', id, answer: { kind: 'lines', lines: [LINE], zone: 0, cut: false } })
    link.send({ kind: 'answer', id, answer: { kind: 'lines', lines: [], zone: 0, cut: false } })
    expect((await waiting).body.lines).toEqual([])
  })
})

it('turns away who is not signed in, and who asks too much', async () => {
  expect((await lab.call('GET', LINES)).body.code).toBe('session.missing')
  const answer: Answer = { kind: 'lines', lines: [], zone: 0, cut: false }
  for (let turn = 0; turn < 60; turn++) expect((await asked(LINES, answer)).answer.status).toBe(200)
  expect((await lab.as('GET', LINES)).body.code).toBe('rate.limited')
  lab.clock.advance(60_000)
  expect((await asked(LINES, answer)).answer.status).toBe(200)
})

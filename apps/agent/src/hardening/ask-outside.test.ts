import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeHarden } from '../cli/harden.ts'
import { answerHarden } from './answer.ts'
import { askHelper } from './ask-outside.ts'
import { SystemLab } from './lab.ts'
import { serveOne } from './serve.ts'

let lab: SystemLab
let folder: string
let server: Server
let path: string
beforeEach(async () => {
  lab = await SystemLab.open()
  folder = await mkdtemp(join(tmpdir(), 'warder-helper-'))
  path = join(folder, 'helper.sock')
  // As systemd does: whoever connects gets a helper of its own.
  server = createServer((socket) => {
    void serveOne(socket, lab.hardener).then((outcome) => socket.end(`${JSON.stringify(outcome)}\n`))
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(path, resolve)
  await promise
  await lab.write('etc/systemd/journald.conf', '[Journal]\nMaxLevelStore=warning\n')
})
afterEach(async () => {
  server.close()
  await lab[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

it('is asked by the agent, which itself only reads', async () => {
  const harden = { hardener: lab.hardener, socket: path }
  const answer = await answerHarden({ kind: 'harden', id: 'journald-level', action: 'apply' }, harden)
  expect(answer).toMatchObject({ kind: 'hardening', findings: expect.arrayContaining([]) })
  expect(await lab.state('journald-level')).toBe('applied')
  await answerHarden({ kind: 'harden', id: 'journald-level', action: 'restore' }, harden)
  expect(await lab.state('journald-level')).toBe('found')
  expect(await answerHarden({ kind: 'harden', id: 'clock', action: 'apply' }, harden)).toMatchObject({
    kind: 'refused',
    code: 'failed',
    reason: expect.stringMatching(/^The clock is kept right over the network\. There is nothing to do$/),
  })
})

it('may be missing: then the agent tries by itself', async () => {
  const harden = { hardener: lab.hardener, socket: join(folder, 'none.sock') }
  expect(await askHelper(harden.socket, { id: 'clock', action: 'apply' })).toBeNull()
  await answerHarden({ kind: 'harden', id: 'journald-level', action: 'apply' }, harden)
  expect(await lab.state('journald-level')).toBe('applied')
})

it.each([
  ['an unknown action', '{"id":"journald-level","action":"rm -rf"}'],
  ['a path', '{"id":"../../etc/passwd","action":"apply"}'],
  ['no JSON', '{'],
  ['too much', 'x'.repeat(9_000)],
])('takes nothing else: %s', async (_, line) => {
  const before = await lab.inventory()
  expect(await serveOne(Readable.from([line]), lab.hardener)).toMatchObject({ ok: false })
  expect(await lab.inventory()).toEqual(before)
})

it.each([
  ['a log outside of /var/log', '/etc/passwd', 'from 203.0.113.7'],
  ['a way out of it', '/var/log/../../etc/hostname', 'from 203.0.113.7'],
  ['a line about nobody of the documentation', '/var/log/dpkg.log', 'from 198.18.0.7'],
  ['two lines', '/var/log/dpkg.log', 'from 203.0.113.7\nroot::0:0::/:'],
])('appends no marked line to %s', async (_, to, text) => {
  const request = Readable.from([`${JSON.stringify({ action: 'append', path: to, line: text })}\n`])
  expect(await serveOne(request, lab.hardener)).toMatchObject({ ok: false })
})

const ENTRY = {
  action: 'entry',
  fields: { MESSAGE: 'bad login from 203.0.113.7' },
  author: { uid: 0, unit: 'no-such-one.service', comm: null },
}
it.each([
  ['a service that does not run', ENTRY, /no-such-one\.service|takes root/],
  ['a person', { ...ENTRY, author: { uid: 1_000, unit: null, comm: null } }, /is a person|takes root/],
  ['an option', { ...ENTRY, author: { ...ENTRY.author, unit: '--user.service' } }, /unit/],
  ['another kind of unit', { ...ENTRY, author: { ...ENTRY.author, unit: 'a.scope' } }, /unit/],
  ['a path', { ...ENTRY, author: { uid: 0, unit: null, comm: '../x' } }, /comm/],
  ['who says nothing', { ...ENTRY, fields: {} }, /fields/],
  ['who tells of somebody', { ...ENTRY, fields: { MESSAGE: 'from 198.18.0.7' } }, /fields/],
  ['who says two things', { ...ENTRY, fields: { MESSAGE: '203.0.113.7\nPRIORITY=0' } }, /MESSAGE/],
  ['who hides a second field', { ...ENTRY, fields: { ...ENTRY.fields, A: 'x\nB=y' } }, /"A"/],
  ['who names what journald finds out', { ...ENTRY, fields: { ...ENTRY.fields, _PID: '1' } }, /_PID/],
])('writes no entry as %s', async (_, request, why) => {
  const outcome = await serveOne(Readable.from([`${JSON.stringify(request)}\n`]), lab.hardener)
  expect(outcome).toMatchObject({ ok: false, message: expect.stringMatching(why) })
})

it('does the same by hand', async () => {
  const said = { out: '', err: '' }
  const run = (words: readonly string[], options = {}) => {
    said.out = said.err = ''
    return makeHarden(async () => lab.hardener).run({
      words,
      options,
      print: (text) => void (said.out += text),
      complain: (text) => void (said.err += text),
      environment: {},
      isTerminal: false,
    })
  }
  expect(await run([])).toBe(0)
  expect(said.out).toMatch(
    /FOUND +journald-level[^]*MaxLevelStore=warning[^]*warder harden apply journald-level/,
  )
  expect(await run(['apply', 'journald-level'])).toBe(0)
  expect(said.out).toMatch(/^journald-level: It is put right: \S+zz-warder-level\.conf\.\n$/)
  expect(await run([], { json: true })).toBe(0)
  expect(JSON.parse(said.out)).toMatchObject({
    ok: true,
    findings: [{ id: 'journald-level', state: 'applied' }, {}, {}, {}, {}, {}, {}, {}, {}],
  })
  expect(await run(['restore'], { all: true })).toBe(0)
  expect(said.out).toBe('journald-level: It is as it was before.\n')
  expect(await run(['restore'], { all: true })).toBe(0)
  expect(said.out).toBe('There is nothing of ours to take back.\n')
  expect(await run(['apply', 'fail2ban'])).toBe(1)
  expect(said.err).toBe('fail2ban: fail2ban does not run.\nThere is nothing to do.\n')
  expect([await run(['apply']), await run(['remove', 'x'])]).toEqual([2, 2])
})

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLogger } from '@warder/daemon'
import {
  CONTROL_REQUEST_LIMIT_BYTES,
  type ControlAnswer,
  type ControlRequest,
} from '@warder/protocol/control'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ask, NotRunning } from './ask.ts'
import { ControlSocket } from './socket.ts'

const log = makeLogger({ name: 'test', level: 'silent', form: 'json' })
let folder: string
let path: string
const open: ControlSocket[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warder-control-'))
  path = join(folder, 'run', 'agent.sock')
})
afterEach(async () => {
  for (const socket of open.splice(0)) await socket[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const echo = async (request: ControlRequest): Promise<ControlAnswer> => ({
  ok: true,
  problems: [request.verb],
})
async function listen(
  answer: (request: ControlRequest) => Promise<ControlAnswer> = echo,
): Promise<ControlSocket> {
  const socket = new ControlSocket({ path, log, answer })
  await socket.start()
  open.push(socket)
  return socket
}

describe('the control socket', () => {
  it('answers in a folder that it makes, to root and the group alone', async () => {
    await listen()
    expect(await ask(path, { verb: 'status' })).toEqual({ ok: true, problems: ['status'] })
    expect(statSync(path).mode & 0o777).toBe(0o660)
    expect(statSync(join(folder, 'run')).mode & 0o007).toBe(0)
  })

  it('refuses to take the place of an agent that runs', async () => {
    await listen()
    await expect(listen()).rejects.toThrow('another agent is running')
    expect(await ask(path, { verb: 'reload' })).toEqual({ ok: true, problems: ['reload'] })
  })

  it('takes the place of one that died', async () => {
    execFileSync('mkdir', ['-p', join(folder, 'run')])
    const dead = spawn(process.execPath, [
      '-e',
      `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`,
    ])
    await once(dead.stdout, 'data')
    dead.kill('SIGKILL')
    await once(dead, 'close')
    await expect(ask(path, { verb: 'status' })).rejects.toThrow(NotRunning)
    await listen()
    expect(await ask(path, { verb: 'status' })).toMatchObject({ ok: true })
  })

  it('says that no agent is running', async () => {
    await expect(ask(path, { verb: 'status' })).rejects.toThrow(/not running.*ENOENT/)
  })

  it.each([
    ['nonsense\n'],
    ['{"verb":"format-disk"}\n'],
    ['[]\n'],
    ['x'.repeat(CONTROL_REQUEST_LIMIT_BYTES + 1)],
  ])('answers %.20s with words', async (text) => {
    await listen()
    const socket = connect(path)
    socket.setEncoding('utf8')
    socket.on('error', () => {})
    socket.write(text)
    const [answer] = await once(socket, 'data')
    expect(JSON.parse(String(answer))).toMatchObject({
      ok: false,
      message: 'the request is not understood',
    })
    socket.destroy()
  })

  it('answers a failure with its message', async () => {
    await listen(async () => {
      throw new Error('it broke')
    })
    expect(await ask(path, { verb: 'status' })).toMatchObject({ ok: false, message: 'it broke' })
  })

  it.each([0, 1, 15_000])('tells %i bans, each with all that is known of it', async (count) => {
    const ip = (i: number): string => `198.18.${i >> 8}.${i & 255}`
    const like = { jail: 'door', until: null, origin: 'operator', reason: 'x'.repeat(300) } as const
    const bans = Array.from({ length: count }, (_, i) => ({ ...like, ip: ip(i), at: i }))
    await listen(async () => ({ ok: true, bans, past: [{ jail: 'door', ip: ip(0), bans: 1, lastAt: 0 }] }))
    const answer = await ask(path, { verb: 'banned' })
    expect(answer).toEqual({ ok: true, bans, past: [{ jail: 'door', ip: ip(0), bans: 1, lastAt: 0 }] })
  })

  it.each([
    ['nothing', ''],
    ['half a line', '{"ok":true,"bans":[]'],
    ['a line that says that more follow', '{"ok":true,"bans":[],"more":true}\n'],
    ['a line behind the last one', '{"ok":true,"bans":[]}\n{"ok":true,"bans":[]}\n'],
  ])('takes %s for no answer', async (_, text) => {
    const stranger = createServer((socket) => socket.on('data', () => socket.end(text)))
    stranger.listen(join(folder, 'stranger.sock'))
    await once(stranger, 'listening')
    await expect(ask(join(folder, 'stranger.sock'), { verb: 'banned' })).rejects.toThrow('gave no answer')
    stranger.close()
  })

  it('closes what is open when it ends', async () => {
    const socket = await listen()
    const idle = connect(path)
    await once(idle, 'connect')
    const closed = once(idle, 'close')
    await socket[Symbol.asyncDispose]()
    await closed
    await expect(ask(path, { verb: 'status' })).rejects.toThrow(NotRunning)
  })
})

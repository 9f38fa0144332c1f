import { once } from 'node:events'
import { createServer } from 'node:net'
import { systemClock } from '@warder/daemon'
import { deployBody, type DeployView } from '@warder/protocol/api'
import { afterEach, describe, expect, it } from 'vitest'
import { Jobs } from './jobs.ts'
import { nodeIn } from './install.ts'

const SHIPPED = { file: '/nothing.deb', version: '0.2.0', architecture: 'amd64', bytes: 1, sha256: '' }
const SECRET = 'correct horse battery'
const ended: DeployView[] = []
const jobsWith = (shipped: typeof SHIPPED | null): Jobs =>
  new Jobs({
    clock: systemClock,
    shipped: () => shipped,
    sshAgent: () => null,
    createJoin: () => 'warder-join.x',
    seen: async () => {},
    forget: () => {},
    onEnded: (view) => void ended.push(view),
  })
const wantedAt = (port: number) =>
  deployBody.parse({
    host: '127.0.0.1',
    port,
    signIn: { kind: 'password', password: SECRET },
    hostKey: `SHA256:${'A'.repeat(43)}`,
  })

/** A port on which nobody answers in a way that SSH knows. */
async function strange(answer: string): Promise<{ port: number } & Disposable> {
  const server = createServer((socket) => socket.end(answer)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    [Symbol.dispose]: () => void server.close(),
  }
}

afterEach(() => void ended.splice(0))

describe('deployments', () => {
  it('are not begun where there is nothing to put anywhere', () => {
    expect(() => jobsWith(null).start(wantedAt(22), 'http://192.0.2.1:8008', 'ada')).toThrow(
      expect.objectContaining({ code: 'deploy.no-package' }),
    )
  })

  it('fail in a sentence where no SSH server answers, and tell nothing of what would have signed in', async () => {
    using host = await strange('HTTP/1.1 400 Bad Request\r\n\r\n')
    const jobs = jobsWith(SHIPPED)
    const { id } = jobs.start(wantedAt(host.port), 'http://192.0.2.1:8008', 'ada')
    await expect.poll(() => jobs.get(id).state).toBe('failed')
    const view = jobs.get(id)
    expect(view.problem).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('did not answer as an SSH server does'),
      remedy: expect.stringContaining('Check host and port'),
    })
    expect(view.steps[0]).toMatchObject({ step: 'connect', state: 'failed' })
    expect(view.steps[1]).toMatchObject({ step: 'look', state: 'waiting' })
    expect(view.rollback).toBe(null)
    expect(JSON.stringify([jobs.all(), ended])).not.toContain(SECRET)
    expect(ended).toHaveLength(1)
  })

  it('are one at a time for a host, and unknown ones are told as such', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const jobs = jobsWith(SHIPPED)
    jobs.start(wantedAt(port), 'http://192.0.2.1:8008', 'ada')
    expect(() => jobs.start(wantedAt(port), 'http://192.0.2.1:8008', 'ada')).toThrow(
      expect.objectContaining({ code: 'deploy.busy' }),
    )
    expect(() => jobs.get('x')).toThrow(expect.objectContaining({ code: 'deploy.unknown' }))
    silent.close()
  })

  it.each([
    ['{"ok":true,"node":"pve1","server":"x"}\n', 'pve1'],
    ['Welcome!\n{"a":1}\n{broken\n{"node":"pve2"}\n', 'pve2'],
    ['', null],
    ['{"node":5}', null],
  ])('read the name in %j as %s', (output, name) => expect(nodeIn(output)).toBe(name))
})

import { makeLogger } from '@warder/daemon'
import { LINK_PATH } from '@warder/protocol'
import { PATHS } from '@warder/protocol/paths'
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { upgradeStatus } from '../lab/socket.ts'
import { startLab, type Lab } from '../lab/server.ts'
import { BODY_LIMIT_BYTES, makeApp, type App } from './app.ts'

const open = async (port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)

describe('who is slow on purpose', () => {
  let app: App
  let port: number
  beforeEach(async () => {
    ;({ app } = await makeApp({
      log: makeLogger({ name: 'lab', level: 'silent', form: 'json' }),
      trustedProxies: [],
      tls: null,
      // The same limits as of the server, in small.
      times: {
        requestTimeout: 600,
        headersTimeout: 300,
        keepAliveTimeout: 300,
        connectionsCheckingInterval: 50,
      },
    }))
    app.post('/x', async () => 'heard')
    await app.listen({ host: '127.0.0.1', port: 0 })
    port = (app.server.address() as AddressInfo).port
  })
  afterEach(() => app.close())

  it.each([
    ['says nothing but half a head', 'POST /x HTTP/1.1\r\nhost: x\r\nx-a: '],
    ['never ends the head', 'POST /x HTTP/1.1\r\nhost: x\r\n'],
    [
      'never sends the body that was promised',
      'POST /x HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    ],
    [
      'sends a body in endless parts',
      'POST /x HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n',
    ],
  ])('and %s is cut off, while others are served', async (_name, bytes) => {
    const slow = await open(port)
    slow.write(bytes)
    // A byte now and then does not buy more time: the limits are for the whole.
    const drip = setInterval(() => slow.write('1'), 40)
    const others = await fetch(`http://127.0.0.1:${port}/x`, { method: 'POST' })
    expect(await others.text()).toBe('heard')
    await text(slow)
    clearInterval(drip)
    slow.destroy()
  })

  it('and many of them at once are all cut off', async () => {
    const slow = await Promise.all(Array.from({ length: 200 }, () => open(port)))
    for (const socket of slow) socket.write('GET / HTTP/1.1\r\nhost: x\r\nx-a: ')
    expect(await (await fetch(`http://127.0.0.1:${port}/x`, { method: 'POST' })).text()).toBe('heard')
    await Promise.all(slow.map((socket) => text(socket)))
  })
})

describe('what is too large', () => {
  let lab: Lab
  beforeEach(async () => {
    lab = await startLab()
  })
  afterEach(() => lab[Symbol.asyncDispose]())
  const port = (): number => Number(new URL(lab.url).port)

  it('is not read to its end, signed in or not', async () => {
    const cookie = await lab.cookie()
    for (const headers of ['', `cookie: ${cookie}\r\norigin: ${lab.url}\r\n`]) {
      const socket = await open(port())
      socket.write(
        `POST ${PATHS.session} HTTP/1.1\r\nhost: 127.0.0.1:${port()}\r\n${headers}content-type: application/json\r\ncontent-length: ${BODY_LIMIT_BYTES + 1}\r\n\r\n{`,
      )
      // Answered by what it promises, before it comes.
      const answer = await once(socket, 'data').then(([data]: Buffer[]) => String(data))
      expect(statusOf(answer)).toBe(413)
      expect(answer).toContain('body.large')
      socket.destroy()
    }
  })

  it('also without saying how large it is', async () => {
    const socket = await open(port())
    socket.write(
      `POST ${PATHS.session} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
    )
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    for (let sent = 0; sent <= BODY_LIMIT_BYTES; sent += 0x4000) socket.write(chunk)
    const answer = await once(socket, 'data').then(([data]: Buffer[]) => String(data))
    expect(statusOf(answer)).toBe(413)
    socket.destroy()
  })

  it.each([
    ['a head', `GET / HTTP/1.1\r\nhost: x\r\nx-a: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['a path', `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['a number of headers', `GET / HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(20_000)}\r\n`],
  ])('as %s is turned away', async (_name, bytes) => {
    const socket = await open(port())
    socket.end(bytes)
    expect(statusOf(await text(socket))).toBeGreaterThanOrEqual(400)
  })

  it.each([
    ['both lengths', 'content-length: 4\r\ntransfer-encoding: chunked\r\n'],
    ['two lengths', 'content-length: 4\r\ncontent-length: 5\r\n'],
    ['a length that is none', 'content-length: +4\r\n'],
  ])('or has %s is not guessed at: nothing is smuggled behind it', async (_name, headers) => {
    const socket = await open(port())
    socket.end(
      `POST ${PATHS.session} HTTP/1.1\r\nhost: x\r\n${headers}\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: x\r\n\r\n`,
    )
    const answer = await text(socket)
    expect(statusOf(answer)).toBe(400)
    expect(answer).not.toContain('"status":"ok"')
  })
})

describe('WebSockets of other sites', () => {
  it.each([
    ['our own', (url: string) => ({ origin: url }), 101],
    ['none, from a script', () => ({}), 101],
    ['a foreign one', () => ({ origin: 'https://evil.example' }), 403],
    ['a foreign one that begins like ours', (url: string) => ({ origin: `${url}.evil.example` }), 403],
    ['another port of ours', () => ({ origin: 'http://127.0.0.1:1' }), 403],
    ['a sandboxed page', () => ({ origin: 'null' }), 403],
    ['an empty one', () => ({ origin: '' }), 403],
    ['none, but another site says the browser', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
  ])('do not open with the cookie of an operator: origin %s', async (_name, origin, status) => {
    await using lab = await startLab()
    const headers = { cookie: await lab.cookie(), ...origin(lab.url) }
    expect(await upgradeStatus(lab.url + PATHS.live, { headers })).toBe(status)
  })

  it('get no further on other paths, and on the link no further than its challenge', async () => {
    await using lab = await startLab()
    const cookie = await lab.cookie()
    const headers = { cookie, origin: 'https://evil.example' }
    for (const path of [PATHS.bans, PATHS.session, '/'])
      expect(await upgradeStatus(lab.url + path, { headers })).not.toBe(101)
    // Agents prove themselves with a key; a cookie is nothing there.
    expect(await upgradeStatus(lab.url + LINK_PATH, { headers })).toBe(101)
  })
})

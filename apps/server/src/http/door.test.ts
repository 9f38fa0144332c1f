import { makeLogger } from '@warder/daemon'
import {
  CHANNEL_LABEL,
  CHANNEL_LENGTH_BYTES,
  channelBytes,
  LINK_PATH,
  VERSION_HEADER,
} from '@warder/protocol'
import { PATHS } from '@warder/protocol/paths'
import { TargetSet } from '@warder/core'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect, TLSSocket } from 'node:tls'
import { WebSocket } from 'ws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { selfSigned } from '../certificate/self-signed.ts'
import { startLab, type Lab } from '../lab/server.ts'
import { isSignedBy } from '../link/identity.ts'
import { makeApp } from './app.ts'
import { mayBePlain } from './plain.ts'

const DAY = 86_400_000

describe('the port of a server', () => {
  let lab: Lab
  let port: number
  beforeEach(async () => {
    lab = await startLab({ config: { tls: 'auto' } })
    port = Number(new URL(lab.url).port)
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  const get = async (path: string): Promise<{ status: number; body: string; secure: boolean }> => {
    const asked = request({ host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false }).end()
    const [answer] = await once(asked, 'response')
    return {
      status: answer.statusCode,
      body: await text(answer),
      secure: answer.headers['cross-origin-opener-policy'] !== undefined,
    }
  }
  const shownNow = async (): Promise<string> => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const { fingerprint256 } = socket.getPeerCertificate()
    socket.destroy()
    return fingerprint256
  }

  it('speaks https with a certificate of its own, and http to this machine', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200, secure: true })
    expect(await lab.call('GET', '/healthz')).toMatchObject({ status: 200 })
    expect(lab.url).toMatch(/^http:/)
  })

  it('takes large bodies and many requests over one connection of https', async () => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const body = JSON.stringify({ name: 'a'.repeat(100_000), password: 'b' })
    for (let i = 0; i < 3; i++)
      socket.write(
        `POST ${PATHS.session} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${i === 2 ? 'connection: close\r\n' : ''}\r\n${body}`,
      )
    const answers = await text(socket)
    expect(answers.match(/HTTP\/1\.1 400/g)).toHaveLength(3)
  })

  it('sends the cookie of a session over https for https alone', async () => {
    await lab.server.createOperator('ada', 'correct horse battery')
    const body = JSON.stringify({ name: 'ada', password: 'correct horse battery' })
    const headers = { 'content-type': 'application/json', origin: `https://127.0.0.1:${port}` }
    const asked = request({
      host: '127.0.0.1',
      port,
      path: PATHS.session,
      method: 'POST',
      headers,
      rejectUnauthorized: false,
      agent: false,
    })
    asked.end(body)
    const [answer] = await once(asked, 'response')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['set-cookie'][0]).toMatch(/; Secure/)
  })

  it('vouches for its end of TLS with its key, for agents that ask', async () => {
    const dial = async (headers: Record<string, string>) => {
      const socket = new WebSocket(`wss://127.0.0.1:${port}${LINK_PATH}`, {
        rejectUnauthorized: false,
        headers,
      })
      let raw: TLSSocket | null = null
      socket.on('upgrade', ({ socket: under }) => {
        raw = under instanceof TLSSocket ? under : null
      })
      const [data] = await once(socket, 'message')
      const exported = (raw as TLSSocket | null)?.exportKeyingMaterial(
        CHANNEL_LENGTH_BYTES,
        CHANNEL_LABEL,
        Buffer.alloc(0),
      )
      socket.terminate()
      return { challenge: JSON.parse(String(data)), exported: exported?.toString('base64') ?? '' }
    }
    const { challenge, exported } = await dial({ [VERSION_HEADER]: '3' })
    const bytes = channelBytes({ serverNonce: challenge.nonce, exported })
    expect(isSignedBy(challenge.key, bytes, challenge.channel)).toBe(true)
    expect((await dial({})).challenge).not.toHaveProperty('channel')
  })

  it('shows a renewed certificate without a restart', async () => {
    const before = await shownNow()
    const now = lab.clock.now()
    const other = selfSigned({ names: [hostname()], from: now - DAY, to: now + 400 * DAY })
    await writeFile(join(lab.config.data_dir, 'certificate.key'), other.key)
    await writeFile(join(lab.config.data_dir, 'certificate.pem'), other.cert)
    await lab.server.renewCertificate()
    expect(await shownNow()).not.toBe(before)
  })

  it('outlives who breaks off, or talks nonsense', async () => {
    const bytes = [
      Buffer.from([0x16]),
      Buffer.from([0x16, 3, 1, 0xff, 0xff, 0, 1, 2]),
      Buffer.from('\0\0\0\0'),
      Buffer.alloc(0),
    ]
    for (const some of bytes) {
      const socket = connectPlain(port, '127.0.0.1')
      socket.on('error', () => {})
      await once(socket, 'connect')
      if (some.length > 0) socket.write(some)
      socket.destroy()
    }
    expect(await get('/healthz')).toMatchObject({ status: 200 })
  })

  it('stops at once, also while some have not said a word', async () => {
    const silent = connectPlain(port, '127.0.0.1')
    const half = connectPlain(port, '127.0.0.1')
    for (const socket of [silent, half]) {
      socket.on('error', () => {})
      await once(socket, 'connect')
    }
    half.write(Buffer.from([0x16, 3, 1]))
    await get('/healthz')
    const closed = Promise.all([once(silent, 'close'), once(half, 'close')])
    await lab.stop()
    await closed
  })
})

describe('a port with little patience', () => {
  it('cuts off who says nothing, or begins TLS and goes no further', async () => {
    const pair = selfSigned({ names: ['localhost'], from: 0, to: Date.UTC(2100, 0) })
    const { app } = await makeApp({
      log: makeLogger({ name: 'lab', level: 'silent', form: 'json' }),
      trustedProxies: [],
      tls: pair,
      times: {
        requestTimeout: 600,
        headersTimeout: 200,
        keepAliveTimeout: 300,
        connectionsCheckingInterval: 50,
      },
    })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const address = app.server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    for (const bytes of [Buffer.alloc(0), Buffer.from([0x16, 3, 1])]) {
      const socket = connectPlain(port, '127.0.0.1')
      await once(socket, 'connect')
      if (bytes.length > 0) socket.write(bytes)
      await text(socket)
    }
    await app.close()
  })
})

describe('http from elsewhere', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['::1', '::1', true],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1', true],
    ['192.0.2.10', '192.0.2.10', true],
    ['192.0.2.11', '192.0.2.10', false],
    ['198.51.100.7', '192.0.2.10', true],
    ['::ffff:198.51.100.7', '::ffff:192.0.2.10', true],
    ['fe80::1%eth0', 'fe80::2%eth0', false],
    ['', '', false],
  ])('from %s to %s is answered: %s', (remoteAddress, localAddress, expected) => {
    const proxies = new TargetSet(['198.51.100.0/24'])
    expect(mayBePlain({ remoteAddress, localAddress }, proxies)).toBe(expected)
  })
})

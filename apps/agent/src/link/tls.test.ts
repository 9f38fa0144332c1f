import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer as createTls, type TlsOptions } from 'node:tls'
import { ManualClock } from '@warder/daemon'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openState, type State } from '../state/state.ts'
import type { Trust } from './dial.ts'
import { firstContact } from './first-contact.ts'
import { LabServer } from './lab.ts'

interface Pair {
  readonly key: string
  readonly cert: string
}

function makePair(folder: string, name: string): Pair {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)]
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=warder'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1'],
    ],
    { stdio: 'ignore' },
  )
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

/** Takes TLS off and on again, with a certificate of its own: what a proxy does, and an eavesdropper. */
async function standBetween(options: TlsOptions, port: number): Promise<Server> {
  const between = createTls(options, (inner) => {
    const outer = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    for (const end of [inner, outer]) end.on('error', () => {})
    inner.on('close', () => outer.destroy())
    outer.on('close', () => inner.destroy())
    inner.pipe(outer).pipe(inner)
  })
  between.listen(0, '127.0.0.1')
  await once(between, 'listening')
  return between
}

describe('a link over TLS', () => {
  let certificates: string
  let pair: Pair
  let folder: string
  let state: State
  let server: LabServer

  beforeAll(() => {
    certificates = mkdtempSync(join(tmpdir(), 'warder-tls-'))
    pair = makePair(certificates, 'server')
  })
  afterAll(() => rmSync(certificates, { recursive: true }))
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'warder-link-'))
    state = openState(folder, 1_000_000)
    server = await LabServer.start(pair)
  })
  afterEach(async () => {
    await server[Symbol.asyncDispose]()
    state.close()
    rmSync(folder, { recursive: true })
  })

  const contact = async (trust: Trust, url = `https://127.0.0.1:${server.port}`): Promise<string | null> => {
    await firstContact({
      server: url,
      trust,
      identity: state.identity,
      introduction: { name: 'pve1', cluster: null, outbox: state.outbox.id(), join: server.join },
      clock: new ManualClock(1_000_000),
    })
    return state.identity.node()
  }
  const fingerprint = () => new X509Certificate(pair.cert).fingerprint256

  it('is made with the authority that is configured', async () => {
    expect(await contact({ ca: pair.cert })).toBe('pve1')
  })

  it('is made with the certificate that is pinned', async () => {
    expect(await contact({ fingerprint: fingerprint().replaceAll(':', '').toLowerCase() })).toBe('pve1')
  })

  it('is made with a certificate that nobody signed where the key of the server vouches for the connection', async () => {
    server.vouches = true
    expect(await contact({})).toBe('pve1')
  })

  it('is made again and again, whatever certificate the server has got by then', async () => {
    server.vouches = true
    await contact({})
    const other = await LabServer.start(makePair(certificates, 'renewed'), server)
    other.vouches = true
    expect(await contact({}, `https://127.0.0.1:${other.port}`)).toBe('pve1')
    await other[Symbol.asyncDispose]()
  })

  it('is not made with a certificate that nobody vouches for', async () => {
    await expect(contact({})).rejects.toThrow('does not vouch for the connection')
    expect(server.hellos).toEqual([])
  })

  it('is not made with another certificate than the pinned one', async () => {
    const other = fingerprint().replace(/^../, fingerprint().startsWith('00') ? '11' : '00')
    await expect(contact({ fingerprint: other })).rejects.toThrow('not the pinned one')
    expect(server.hellos).toEqual([])
  })

  it('is not made with another authority than the configured one', async () => {
    server.vouches = true
    const { cert } = makePair(certificates, 'other')
    await expect(contact({ ca: cert })).rejects.toThrow(/self.signed/)
    expect(server.hellos).toEqual([])
  })

  describe('with somebody in between', () => {
    let between: Server
    beforeEach(async () => {
      server.vouches = true
      between = await standBetween(makePair(certificates, 'between'), server.port)
    })
    afterEach(async () => {
      between.close()
      await once(between, 'close')
    })

    it('is not made, and the join code stays a secret', async () => {
      const url = `https://127.0.0.1:${portOf(between)}`
      await expect(contact({}, url)).rejects.toThrow('does not vouch for the connection')
      expect(server.hellos).toEqual([])
    })

    it('is made where the operator pinned the certificate of that proxy', async () => {
      const cert = readFileSync(join(certificates, 'between.pem'))
      const pin = new X509Certificate(cert).fingerprint256
      expect(await contact({ fingerprint: pin }, `https://127.0.0.1:${portOf(between)}`)).toBe('pve1')
    })
  })

  it('is what to write where a server refuses anything else', async () => {
    const http = createHttp()
    http.on('upgrade', (_request, socket) =>
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'),
    )
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const url = `http://127.0.0.1:${portOf(http)}`
    await expect(contact({}, url)).rejects.toThrow(
      'answered 403 in place of opening the link; where it wants https',
    )
    http.close()
  })
})

import { ManualClock } from '@warder/daemon'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcp, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { makeEgress, type EgressAsk } from './egress.ts'
import { readAllowed } from './guard.ts'
import { makeResolve, type Lookup } from './resolve.ts'

const open: Server[] = []
afterEach(async () => {
  for (const server of open.splice(0)) {
    if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
      server.closeAllConnections()
    server.close()
  }
})

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  open.push(server)
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}
const serve = (listener: RequestListener, host?: string) => listen(createServer(listener), host)

const clock = new ManualClock(0)
const egressWith = (hosts: readonly string[], lookup: Lookup = async () => ['127.0.0.1']) =>
  makeEgress({ clock, resolve: makeResolve({ allowed: readAllowed(hosts), lookup }) })
const get = (url: string, over: Partial<EgressAsk> = {}): EgressAsk => ({
  method: 'GET',
  url,
  limitBytes: 1_000,
  timeoutMs: 10_000,
  ...over,
})

describe('the way out', () => {
  it('asks with method, headers and body, under the name that was meant', async () => {
    const seen: unknown[] = []
    const port = await serve((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        seen.push({ method: request.method, url: request.url, host: request.headers.host, body })
        response.writeHead(201, { 'x-a': 'b' }).end('made')
      })
    })
    const answer = await egressWith(['ntfy.lan'])(
      get(`http://ntfy.lan:${port}/topic?x=1`, { method: 'POST', body: 'höhe' }),
    )
    expect({ ...answer, headers: answer.headers['x-a'], body: answer.body.toString() }).toEqual({
      status: 201,
      headers: 'b',
      body: 'made',
    })
    expect(seen).toEqual([{ method: 'POST', url: '/topic?x=1', host: `ntfy.lan:${port}`, body: 'höhe' }])
  })

  it.each([
    ['http://127.0.0.1:9/', 'host-refused', /private_hosts/],
    ['http://[::1]:9/', 'host-refused', /private_hosts/],
    ['http://[::ffff:127.0.0.1]:9/', 'host-refused', /private_hosts/],
    ['http://2130706433:9/', 'host-refused', /private_hosts/],
    ['http://0x7f.1:9/', 'host-refused', /private_hosts/],
    ['http://0/', 'host-refused', /private_hosts/],
    ['http://169.254.169.254/latest/meta-data', 'host-refused', /private_hosts/],
    ['http://named.example:9/', 'host-refused', /"named\.example"/],
    ['ftp://example.org/', 'url-invalid', /Correct/],
    ['file:///etc/passwd', 'url-invalid', /Correct/],
    ['http://ada:secret@example.org/', 'url-invalid', /Correct/],
    ['nonsense', 'url-invalid', /Correct/],
  ])('does not go to %s', async (url, code, remedy) => {
    await expect(egressWith([])(get(url))).rejects.toMatchObject({
      code,
      remedy: expect.stringMatching(remedy),
    })
  })

  it('connects to the address that was checked, whatever the name says later', async () => {
    let hits = 0
    const port = await serve((_request, response) => {
      hits++
      response.end('inside')
    })
    // A name that is public when it is checked and this machine ever after.
    const answers = [['127.0.0.9'], ['127.0.0.1'], ['127.0.0.1']]
    let asked = 0
    const lookup: Lookup = async () => answers[asked++] ?? []
    await expect(
      egressWith(['127.0.0.9'], lookup)(get(`http://rebind.example:${port}/`)),
    ).rejects.toMatchObject({
      code: 'unreachable',
    })
    expect([asked, hits]).toEqual([1, 0])
  })

  it('tries the next address when one cannot be connected to', async () => {
    const port = await serve((_request, response) => response.end('here'))
    const lookup: Lookup = async () => ['127.0.0.9', '127.0.0.1']
    const answer = await egressWith(['two.lan'], lookup)(get(`http://two.lan:${port}/`))
    expect(answer.body.toString()).toBe('here')
  })

  it('follows a GET to another path of the same host, and nobody elsewhere', async () => {
    const port = await serve((request, response) => {
      const to: Record<string, string> = {
        '/a': '/b',
        '/out': 'http://metadata.example/x',
        '/loop': '/loop',
      }
      const next = to[request.url ?? '']
      if (next === undefined) response.end('end')
      else response.writeHead(302, { location: next }).end()
    })
    const ask = egressWith(['a.lan'])
    const from = (path: string, over: Partial<EgressAsk> = {}) =>
      ask(get(`http://a.lan:${port}${path}`, { redirects: 3, ...over }))
    expect((await from('/a')).body.toString()).toBe('end')
    const refused = [
      ['/out', {}],
      ['/loop', {}],
      ['/a', { redirects: 0 }],
      ['/a', { method: 'POST' }],
    ] as const
    for (const [path, over] of refused)
      await expect(from(path, over)).rejects.toMatchObject({ code: 'redirected' })
  })

  it('reads no more than the limit, and does not wait for the rest', async () => {
    const port = await serve((_request, response) => {
      response.write('x'.repeat(2_000))
    })
    await expect(egressWith(['127.0.0.1'])(get(`http://127.0.0.1:${port}/`))).rejects.toMatchObject({
      code: 'too-large',
    })
  })

  it('gives up who takes too long to answer, or to end', async () => {
    const arrived = Promise.withResolvers<void>()
    const port = await serve((_request, response) => {
      response.write('x')
      arrived.resolve()
    })
    const asked = egressWith(['127.0.0.1'])(get(`http://127.0.0.1:${port}/`))
    await arrived.promise
    clock.advance(10_000)
    await expect(asked).rejects.toMatchObject({
      code: 'too-slow',
      message: '127.0.0.1 did not answer within 10 s.',
    })
  })

  it('says in words who is not there, and who speaks no TLS', async () => {
    const port = await listen(createTcp((socket) => void socket.end('220 mail\r\n')))
    const ask = egressWith(['127.0.0.1'], async () => {
      throw new Error('ENOTFOUND')
    })
    await expect(ask(get('http://nobody.example/'))).rejects.toMatchObject({ code: 'host-unknown' })
    await expect(ask(get(`https://127.0.0.1:${port}/`))).rejects.toMatchObject({ code: 'unreachable' })
    await expect(ask(get('http://127.0.0.1:1/secret-path'))).rejects.toThrow(
      '127.0.0.1 refused the connection.',
    )
  })

  it('stops when the server stops', async () => {
    const stop = new AbortController()
    const arrived = Promise.withResolvers<void>()
    const port = await serve(() => arrived.resolve())
    const asked = egressWith(['127.0.0.1'])(get(`http://127.0.0.1:${port}/`), stop.signal)
    await arrived.promise
    stop.abort()
    await expect(asked).rejects.toMatchObject({ code: 'unreachable' })
  })
})

import { PATHS } from '@warder/protocol/paths'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LINK_PATH } from '@warder/protocol'
import { startLab, type Lab } from '../lab/server.ts'

let lab: Lab
beforeEach(async () => {
  lab = await startLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

const isError = { code: expect.any(String), message: expect.any(String), remedy: expect.any(String) }

describe('every error', () => {
  it('has a code, a message and a remedy, and tells nothing about the inside', async () => {
    const raw = async (path: string, init: RequestInit): Promise<{ status: number; body: unknown }> => {
      const answer = await fetch(lab.url + path, init)
      return { status: answer.status, body: await answer.json() }
    }
    const json = { 'content-type': 'application/json' }
    const large = JSON.stringify({ name: 'x'.repeat(300_000) })
    const cases = [
      [404, 'route.unknown', await raw('/api/v1/nothing', {})],
      [404, 'route.unknown', await raw('/api/v2/bans', {})],
      [404, 'route.unknown', await raw('/', { method: 'POST' })],
      [404, 'route.unknown', await raw(PATHS.bans, { method: 'PATCH' })],
      [400, 'input.invalid', await raw(PATHS.session, { method: 'POST', headers: json, body: '{' })],
      [400, 'input.invalid', await raw(PATHS.session, { method: 'POST', headers: json, body: '' })],
      [
        400,
        'input.invalid',
        await raw(PATHS.session, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<a/>' }),
      ],
      [
        400,
        'input.invalid',
        await raw(PATHS.session, { method: 'POST', headers: json, body: '{"__proto__":{}}' }),
      ],
      [400, 'input.invalid', await raw('/api/v1/bans/%E0%A4%A', {})],
      [413, 'body.large', await raw(PATHS.session, { method: 'POST', headers: json, body: large })],
      [400, 'input.invalid', await raw(LINK_PATH, {})],
      [401, 'session.missing', await raw(PATHS.live, {})],
    ] as const
    for (const [status, code, answer] of cases) expect(answer).toEqual({ status, body: { ...isError, code } })
  })

  it('names the field that is wrong', async () => {
    const { body } = await lab.as('POST', PATHS.bans, { ip: 5, bantime: 'long', nodes: [] })
    expect(body.message).toContain('ip: ')
    expect(body.message).toContain('bantime: ')
    expect(body.message).toContain('nodes: ')
  })

  it('of bytes that are not HTTP has the same form', async () => {
    const socket = connect(Number(new URL(lab.url).port), '127.0.0.1')
    socket.write('NONSENSE\r\n\r\n')
    const answer = await text(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toEqual({ ...isError, code: 'input.invalid' })
  })

  it('of too many requests is a 429', async () => {
    await using busy = await startLab({ config: { requests_per_minute: 60 } })
    const answers = await Promise.all(Array.from({ length: 70 }, () => busy.call('GET', PATHS.session)))
    const late = answers.filter(({ status }) => status === 429)
    expect(late).toHaveLength(10)
    expect(late[0]?.body).toEqual({ ...isError, code: 'rate.limited' })
  })
})

describe('the dashboard’s files', () => {
  it('are served with their caching, and every other path is a page', async () => {
    const web = lab.config.web_root ?? ''
    await mkdir(join(web, 'assets'), { recursive: true })
    await writeFile(join(web, 'index.html'), '<!doctype html>here it is')
    await writeFile(join(web, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    await writeFile(join(web, 'assets', 'main-1a2b.js'), 'export {}')
    await writeFile(join(lab.config.data_dir, 'secret.txt'), 'secret')

    const page = await lab.call('GET', '/nodes/pve1?tab=jails')
    expect(page).toMatchObject({ status: 200, body: '<!doctype html>here it is' })
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const script = await lab.call('GET', '/assets/main-1a2b.js')
    expect(script.headers.get('content-type')).toContain('javascript')
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await lab.call('GET', '/favicon.svg')).headers.get('content-type')).toContain('svg')
    const missing = await lab.call('GET', '/assets/gone.js')
    expect(missing).toMatchObject({ status: 404, body: { code: 'route.unknown' } })
    expect(missing.headers.get('cache-control')).not.toContain('immutable')
    expect((await lab.call('HEAD', '/')).status).toBe(200)
    for (const path of [
      '/assets/../../data/secret.txt',
      '/assets/..%2f..%2fdata/secret.txt',
      '/..%2fdata%2fsecret.txt',
      '/assets/%2e%2e/%2e%2e/data/secret.txt',
      '/assets/%00',
      '/assets/%E0%A4%A',
    ]) {
      expect(JSON.stringify((await lab.call('GET', path)).body)).not.toContain('"secret"')
    }
  })

  it('that are missing are explained', async () => {
    const page = await lab.call('GET', '/')
    expect(page.status).toBe(503)
    expect(page.body).toContain('npm run build')
  })

  it('come with a policy that lets nothing foreign in', async () => {
    const { headers } = await lab.call('GET', '/')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).not.toContain('unsafe')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('the description of the API', () => {
  it('is OpenAPI 3.1 and documents every path with its methods, in words', async () => {
    const { body } = await lab.call('GET', PATHS.openapi)
    expect(body.openapi).toMatch(/^3\.1\./)
    const wanted = Object.values(PATHS).map((path) =>
      typeof path === 'string' ? path : path('{a}', '{b}').replaceAll('%7B', '{').replaceAll('%7D', '}'),
    )
    const shape = (path: string): string => path.replace(/\{\w+\}/g, '{}')
    const documented = new Set(Object.keys(body.paths).map(shape))
    // The page about the description is not part of it.
    expect(wanted.map(shape).filter((path) => !documented.has(path))).toEqual([PATHS.docs])
    expect(Object.keys(body.paths)).not.toContain(LINK_PATH)
    expect(Object.keys(body.components.securitySchemes)).toEqual(['session', 'token'])
    for (const methods of Object.values<
      Record<string, { summary?: string; description?: string; tags?: string[]; responses: object }>
    >(body.paths)) {
      for (const route of Object.values(methods)) {
        expect(route.summary?.length).toBeGreaterThan(3)
        expect(route.description?.length).toBeGreaterThan(3)
        expect(route.tags).toHaveLength(1)
        expect(Object.keys(route.responses)).not.toEqual([])
      }
    }
    expect(body.paths['/api/v1/session'].get.security).toEqual([])
    expect(body.paths['/api/v1/bans'].get.security).toBeUndefined()
  })
})

it('says that it is well', async () => {
  expect(await lab.call('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
})

import { PATHS } from '@warder/protocol/paths'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cookieOf, NOON, OPERATOR, startLab, type Lab } from '../lab/server.ts'
import { keptIn } from '../lab/storage.ts'

const DAY = 86_400_000
let lab: Lab
beforeEach(async () => {
  lab = await startLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

const authLog = async (): Promise<readonly string[]> =>
  (await readFile(lab.config.auth_log, 'utf8')).split('\n').filter((line) => line !== '')
const claim = (code: string) => lab.call('POST', PATHS.claim, { body: { code, ...OPERATOR } })
const signIn = (over: Partial<typeof OPERATOR> = {}, headers: Record<string, string> = {}) =>
  lab.call('POST', PATHS.session, { body: { ...OPERATOR, ...over }, headers })
const session = async (cookie: string) => (await lab.call('GET', PATHS.session, { headers: { cookie } })).body

describe('claiming', () => {
  it('makes the first operator, who is signed in at once, and nobody after', async () => {
    expect((await lab.call('GET', PATHS.session)).body).toMatchObject({
      state: 'unclaimed',
      address: '127.0.0.1',
    })
    expect((await signIn()).body.code).toBe('server.unclaimed')
    const claimed = await claim(lab.claimCode ?? '')
    expect(claimed.body).toMatchObject({ state: 'signed-in', operator: 'ada' })
    expect((await session(cookieOf(claimed))).state).toBe('signed-in')
    expect((await claim(lab.claimCode ?? '')).body.code).toBe('server.claimed')
  })

  it('takes the code as people type it', async () => {
    expect((await claim(` ${lab.claimCode?.toLowerCase().replaceAll('-', ' ')} `)).status).toBe(200)
  })

  it('turns away wrong codes, writes them down, and stops reading after ten a minute', async () => {
    for (let i = 0; i < 10; i++) expect((await claim('AAAA-AAAA-AAAA')).body.code).toBe('claim.wrong')
    expect((await claim(lab.claimCode ?? '')).status).toBe(429)
    expect(await authLog()).toHaveLength(10)
    lab.clock.advance(60_000)
    expect((await claim(lab.claimCode ?? '')).status).toBe(200)
  })

  it('wants a password of ten characters, and names the field', async () => {
    const body = { code: lab.claimCode, name: 'ada', password: 'short' }
    const answer = await lab.call('POST', PATHS.claim, { body })
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'input.invalid', message: 'password: at least 10 characters.' },
    })
  })

  it('keeps the code for the console while it is good, where only the owner reads it', async () => {
    const file = join(lab.config.data_dir, 'claim-code')
    expect((await readFile(file, 'utf8')).trim()).toBe(lab.claimCode)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await claim(lab.claimCode ?? '')
    await expect.poll(() => stat(file).catch(() => null)).toBeNull()
  })

  it('lets one of two at the same moment be the operator', async () => {
    const both = await Promise.all(
      ['ada', 'eve'].map((name) =>
        lab.call('POST', PATHS.claim, { body: { ...OPERATOR, name, code: lab.claimCode } }),
      ),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })
})

describe('sessions', () => {
  beforeEach(() => lab.server.createOperator(OPERATOR.name, OPERATOR.password))

  it('are kept in a cookie that scripts and other sites do not get', async () => {
    const header = (await signIn()).headers.get('set-cookie') ?? ''
    expect(header).toMatch(/^warder_session=[\w-]{43}; /)
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(header).toContain(part)
    expect(header).not.toContain('Secure')
  })

  it('end when the operator signs out, and only that one', async () => {
    const [one, other] = [cookieOf(await signIn()), cookieOf(await signIn())]
    const out = await lab.call('DELETE', PATHS.session, { headers: { cookie: one } })
    expect(out.status).toBe(204)
    expect((await session(one)).state).toBe('signed-out')
    expect((await session(other)).state).toBe('signed-in')
  })

  it('end after 7 days without use, and after 30 days in any case', async () => {
    const [idle, used] = [cookieOf(await signIn()), cookieOf(await signIn())]
    for (let day = 0; day < 29; day++) {
      lab.clock.advance(DAY)
      expect((await session(used)).state).toBe('signed-in')
      if (day === 7) expect((await session(idle)).state).toBe('signed-out')
    }
    lab.clock.advance(DAY)
    expect((await session(used)).state).toBe('signed-out')
  })

  it.each([[''], ['x'], ['a'.repeat(43)], ['../../etc/passwd'], ["' OR 1=1"]])(
    'are not opened by the cookie %j',
    async (value) => {
      const answer = await lab.call('GET', PATHS.bans, {
        headers: { cookie: `warder_session=${encodeURIComponent(value)}` },
      })
      expect(answer).toMatchObject({ status: 401, body: { code: 'session.missing' } })
    },
  )

  it('survive a restart', async () => {
    const cookie = cookieOf(await signIn())
    await lab.stop()
    lab = await startLab({ folder: lab.config.data_dir.replace(/\/data$/, ''), clock: lab.clock })
    expect(lab.claimCode).toBeNull()
    expect((await session(cookie)).state).toBe('signed-in')
  })
})

describe('wrong guesses', () => {
  beforeEach(() => lab.server.createOperator(OPERATOR.name, OPERATOR.password))

  it('of names and of passwords are answered alike and written down for the warder jail', async () => {
    const wrong = await signIn({ password: 'wrong' })
    const unknown = await signIn({ name: 'eve', password: 'wrong' })
    expect(wrong).toMatchObject({ status: 401, body: { code: 'login.failed' } })
    expect(unknown.body).toEqual(wrong.body)
    expect(await authLog()).toEqual([
      `2026-11-20T12:00:00.000Z warder-server[${process.pid}]: authentication failure; rhost=127.0.0.1 user="ada"`,
      `2026-11-20T12:00:00.000Z warder-server[${process.pid}]: authentication failure; rhost=127.0.0.1 user="eve"`,
    ])
  })

  it('take about as long for an unknown name as for a known one', async () => {
    const timeOf = async (name: string): Promise<number> => {
      const times: number[] = []
      for (let i = 0; i < 4; i++) {
        const began = performance.now()
        await signIn({ name, password: 'wrong' })
        times.push(performance.now() - began)
      }
      return Math.min(...times)
    }
    const [known, unknown] = [await timeOf('ada'), await timeOf('nobody')]
    expect(unknown).toBeGreaterThan(known / 3)
  })

  it('cannot end the line, the quotes or the address in the auth log', async () => {
    const name =
      'x" rhost=198.51.100.1\n2026 \u0085\u2028\u202e\u001b[0m authentication failure; rhost=198.51.100.2'
    await signIn({ name: name.slice(0, 64), password: 'wrong' })
    const [line, ...more] = await authLog()
    expect(more).toEqual([])
    expect(line).toMatch(
      /^\S+ warder-server\[\d+\]: authentication failure; rhost=127\.0\.0\.1 user="x\\" rhost=/,
    )
    // oxlint-disable-next-line no-control-regex -- that is what is looked for
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/)
  })

  it('are read ten times a minute from one address; a right password does not count', async () => {
    for (let i = 0; i < 5; i++) expect((await signIn()).status).toBe(200)
    for (let i = 0; i < 10; i++) expect((await signIn({ password: 'wrong' })).status).toBe(401)
    expect(await signIn()).toMatchObject({ status: 429, body: { code: 'rate.limited' } })
    expect(await authLog()).toHaveLength(10)
    lab.clock.advance(60_000)
    expect((await signIn()).status).toBe(200)
  })

  it('of API tokens are written down too, and do not lock the operator out', async () => {
    const bearer = (secret: string) =>
      lab.call('GET', PATHS.bans, { headers: { authorization: `Bearer ${secret}` } })
    for (let i = 0; i < 10; i++)
      expect(await bearer('wdr_wrong')).toMatchObject({ status: 401, body: { code: 'token.invalid' } })
    expect((await bearer('wdr_wrong')).status).toBe(429)
    expect((await authLog())[9]).toContain('rhost=127.0.0.1 user="(token)"')
    expect((await signIn()).status).toBe(200)
    const { body } = await lab.as('POST', PATHS.tokens, { name: 'scripts' })
    expect((await bearer(body.secret)).status).toBe(200)
  })

  it('believe X-Forwarded-For from trusted proxies alone', async () => {
    await signIn({ password: 'wrong' }, { 'x-forwarded-for': '198.51.100.7' })
    expect((await authLog())[0]).toContain('rhost=127.0.0.1')

    await using behind = await startLab({ config: { trusted_proxies: ['127.0.0.0/8'] } })
    await behind.server.createOperator(OPERATOR.name, OPERATOR.password)
    for (const address of ['198.51.100.7', '::ffff:198.51.100.8', '2001:DB8::1', 'nonsense"\n']) {
      const headers = { 'x-forwarded-for': address.replace('\n', '') }
      await behind.call('POST', PATHS.session, { body: { ...OPERATOR, password: 'wrong' }, headers })
    }
    const lines = (await readFile(behind.config.auth_log, 'utf8')).trim().split('\n')
    expect(lines.map((line) => /rhost=(\S+)/.exec(line)?.[1])).toEqual([
      '198.51.100.7',
      '198.51.100.8',
      '2001:db8::1',
      '127.0.0.1',
    ])
    expect(
      (
        await behind.call('GET', PATHS.session, {
          headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.7' },
        })
      ).body.address,
    ).toBe('198.51.100.7')
  })

  it('goes to the data folder where the auth log cannot be written', async () => {
    await using other = await startLab({ config: { auth_log: '/dev/null/auth.log' } })
    await other.server.createOperator(OPERATOR.name, OPERATOR.password)
    await other.call('POST', PATHS.session, { body: { ...OPERATOR, password: 'wrong' } })
    expect(await readFile(join(other.config.data_dir, 'auth.log'), 'utf8')).toContain(
      'authentication failure',
    )
  })
})

describe('other sites', () => {
  const BAN = { ip: '192.0.2.1' }
  const withCookie = async (headers: Record<string, string>) =>
    lab.call('POST', PATHS.bans, { body: BAN, headers: { cookie: await lab.cookie(), ...headers } })

  it.each([
    ['our own', () => ({ origin: lab.url }), 200],
    ['a foreign one', () => ({ origin: 'https://evil.example' }), 403],
    ['one that only begins like ours', () => ({ origin: `${lab.url}.evil.example` }), 403],
    ['another port', () => ({ origin: 'http://127.0.0.1:1' }), 403],
    ['a sandboxed page', () => ({ origin: 'null' }), 403],
    ['none, from a script', () => ({}), 200],
    ['none, but a browser says another site', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
  ])('cannot change anything with the cookie of an operator: origin %s', async (_name, headers, status) => {
    expect((await withCookie(headers())).status).toBe(status)
  })

  it('cannot sign an operator in or claim the server', async () => {
    for (const path of [PATHS.session, PATHS.claim]) {
      const answer = await lab.call('POST', path, { body: {}, headers: { origin: 'https://evil.example' } })
      expect(answer.body.code).toBe('origin.foreign')
    }
  })

  it('do not matter to a bearer, who has no cookie to steal', async () => {
    const { body } = await lab.as('POST', PATHS.tokens, { name: 'scripts', scopes: ['ban'] })
    const headers = { authorization: `Bearer ${body.secret}`, origin: 'https://evil.example' }
    expect((await lab.call('POST', PATHS.bans, { body: BAN, headers })).status).toBe(200)
  })

  it('may be allowed by name', async () => {
    await using allowed = await startLab({ config: { allowed_origins: ['https://warder.example'] } })
    const headers = { cookie: await allowed.cookie(), origin: 'https://warder.example' }
    expect((await allowed.call('POST', PATHS.bans, { body: BAN, headers })).status).toBe(200)
  })
})

describe('API tokens', () => {
  it('are shown once, stored as a hash, used, expire and are revoked', async () => {
    const created = (await lab.as('POST', PATHS.tokens, { name: 'scripts', days: 1 })).body
    expect(created).toMatchObject({
      name: 'scripts',
      createdBy: 'ada',
      scopes: ['read'],
      expiresAt: NOON + DAY,
      lastUsedAt: null,
    })
    expect(created.secret).toMatch(/^wdr_[\w-]{43}$/)
    const database = keptIn(lab.config.data_dir)
    expect(database).not.toContain(created.secret)
    const listed = (await lab.as('GET', PATHS.tokens)).body
    expect(JSON.stringify(listed)).not.toContain(created.secret)

    const bearer = () =>
      lab.call('GET', PATHS.bans, { headers: { authorization: `bearer ${created.secret}` } })
    lab.clock.advance(5_000)
    expect((await bearer()).status).toBe(200)
    await expect.poll(async () => (await lab.as('GET', PATHS.tokens)).body[0].lastUsedAt).toBe(NOON + 5_000)
    lab.clock.advance(30_000)
    await bearer()
    expect((await lab.as('GET', PATHS.tokens)).body[0].lastUsedAt).toBe(NOON + 5_000)
    lab.clock.advance(DAY)
    expect((await bearer()).body.code).toBe('token.invalid')
    expect((await lab.as('GET', PATHS.tokens)).body).toEqual([])

    const second = (await lab.as('POST', PATHS.tokens, { name: 'x', days: null })).body
    expect((await lab.as('DELETE', PATHS.token(second.id))).status).toBe(204)
    const headers = { authorization: `Bearer ${second.secret}` }
    expect((await lab.call('GET', PATHS.bans, { headers })).status).toBe(401)
    expect((await lab.as('DELETE', PATHS.token(second.id))).body.code).toBe('token.unknown')
  })
})

describe('every path of the API', () => {
  it.each([
    ['/%61pi/v1/bans'],
    ['/api/v1//bans'],
    ['/API/v1/bans'],
    ['/api/v1/bans/'],
    ['/api/v1/./bans'],
    ['//api/v1/bans'],
  ])('is shut however it is spelled: %s', async (path) => {
    await lab.cookie()
    const answer = await fetch(lab.url + path)
    expect(await answer.text()).not.toContain('"rows"')
  })
})

import type { Scope } from '@warder/protocol/api'
import { SCOPES } from '@warder/protocol/words'
import { PATHS } from '@warder/protocol/paths'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookieOf, OPERATOR, startLab, type Lab } from '../lab/server.ts'

/** What each route of the API needs. A new route does not pass before it stands here. */
const TABLE = {
  everybody: `
    GET /healthz
    GET /readyz
    GET /metrics
    GET /api/v1/openapi.json
    GET /api/v1/session
    POST /api/v1/session
    DELETE /api/v1/session
    POST /api/v1/claim
    POST /api/v1/invitation`,
  read: `
    GET /api/v1/overview
    GET /api/v1/timeline
    GET /api/v1/events
    GET /api/v1/bans
    GET /api/v1/bans/export
    GET /api/v1/events/export
    GET /api/v1/addresses
    GET /api/v1/addresses/{}
    GET /api/v1/countries
    GET /api/v1/insights
    GET /api/v1/bulk-orders
    GET /api/v1/bulk-orders/{}
    GET /api/v1/nodes
    GET /api/v1/nodes/{}
    GET /api/v1/nodes/{}/filters
    GET /api/v1/nodes/{}/hardening
    GET /api/v1/jails
    GET /api/v1/settings
    GET /api/v1/tuning
    GET /api/v1/tuning/fleet
    GET /api/v1/tuning/clusters/{}
    GET /api/v1/tuning/groups/{}
    GET /api/v1/tuning/nodes/{}
    GET /api/v1/groups
    POST /api/v1/tuning/diff
    POST /api/v1/tuning/preview
    GET /api/v1/revisions
    GET /api/v1/revisions/{}
    GET /api/v1/lists
    GET /api/v1/lists/{}
    GET /api/v1/lists/{}/entries
    GET /api/v1/notifications/silence
    GET /api/v1/live`,
  unban: `
    DELETE /api/v1/bans/{}
    POST /api/v1/unban`,
  ban: `
    POST /api/v1/bans
    POST /api/v1/bulk-orders
    POST /api/v1/bulk-orders/{}/undo`,
  tune: `
    PUT /api/v1/jails/{}/settings
    PUT /api/v1/nodes/{}/jails/{}/settings
    PUT /api/v1/settings
    PUT /api/v1/tuning
    PUT /api/v1/tuning/fleet
    PUT /api/v1/tuning/clusters/{}
    PUT /api/v1/tuning/groups/{}
    PUT /api/v1/tuning/nodes/{}
    PUT /api/v1/groups/{}
    DELETE /api/v1/groups/{}
    PUT /api/v1/groups/{}/jails/{}/settings
    POST /api/v1/revisions/{}/restore
    POST /api/v1/nodes/{}/hardening/{}
    POST /api/v1/nodes/{}/doctor
    GET /api/v1/nodes/{}/sources/{}/lines
    GET /api/v1/nodes/{}/log
    POST /api/v1/panic
    DELETE /api/v1/panic
    PUT /api/v1/notifications/silence
    DELETE /api/v1/notifications/silence
    POST /api/v1/allow
    POST /api/v1/lists
    PATCH /api/v1/lists/{}
    DELETE /api/v1/lists/{}
    POST /api/v1/lists/{}/entries
    DELETE /api/v1/lists/{}/entries/{}
    POST /api/v1/lists/{}/import
    POST /api/v1/lists/{}/fetch`,
  admin: `
    DELETE /api/v1/nodes/{}
    POST /api/v1/join-codes
    GET /api/v1/deploys
    POST /api/v1/deploys
    GET /api/v1/deploys/offer
    POST /api/v1/deploys/host-key
    GET /api/v1/deploys/{}
    DELETE /api/v1/deploys/{}
    GET /api/v1/audit
    GET /api/v1/notifications/topics
    GET /api/v1/notifications/channels
    POST /api/v1/notifications/channels
    PUT /api/v1/notifications/channels/{}
    DELETE /api/v1/notifications/channels/{}
    POST /api/v1/notifications/channels/{}/test
    GET /api/v1/notifications/rules
    POST /api/v1/notifications/rules
    PUT /api/v1/notifications/rules/{}
    DELETE /api/v1/notifications/rules/{}
    GET /api/v1/notifications/deliveries
    GET /api/v1/accounts
    POST /api/v1/accounts
    PATCH /api/v1/accounts/{}
    DELETE /api/v1/accounts/{}
    POST /api/v1/accounts/{}/invitation
    DELETE /api/v1/accounts/{}/totp`,
  own: `
    GET /api/v1/tokens
    POST /api/v1/tokens
    DELETE /api/v1/tokens/{}`,
  self: `
    GET /api/v1/account
    POST /api/v1/account/password
    GET /api/v1/account/sessions
    DELETE /api/v1/account/sessions
    DELETE /api/v1/account/sessions/{}
    POST /api/v1/account/totp
    PUT /api/v1/account/totp
    DELETE /api/v1/account/totp
    POST /api/v1/account/recovery-codes`,
}
type Need = keyof typeof TABLE

/** Who is let in where: `in`, or the status and code that turns them away. */
const OUT = '401 session.missing'
const BAD = '401 token.invalid'
const NO = '403 access.denied'
const PEOPLE = ['in', 'in', 'in', 'in', 'in', 'in', 'in', 'in'] as const
const NEEDS = ['everybody', 'read', 'unban', 'ban', 'tune', 'admin', 'own', 'self'] as const
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  //                        everybody read unban ban  tune  admin own  self
  nobody: ['in', OUT, OUT, OUT, OUT, OUT, OUT, OUT],
  'an unknown session': ['in', OUT, OUT, OUT, OUT, OUT, OUT, OUT],
  'an idle session': ['in', OUT, OUT, OUT, OUT, OUT, OUT, OUT],
  'a disabled admin': ['in', OUT, OUT, OUT, OUT, OUT, OUT, OUT],
  'an unknown token': [BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD],
  'an expired token': [BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD],
  'a revoked token': [BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD],
  'a disabled admin’s token': [BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD],
  'a session as a token': [BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD],
  'a viewer': ['in', 'in', NO, NO, NO, NO, 'in', 'in'],
  'an operator': ['in', 'in', 'in', 'in', 'in', NO, 'in', 'in'],
  'an admin': PEOPLE,
  'a token to read': ['in', 'in', NO, NO, NO, NO, NO, NO],
  'a token to unban': ['in', NO, 'in', NO, NO, NO, NO, NO],
  'a token to ban': ['in', NO, NO, 'in', NO, NO, NO, NO],
  'a token to tune': ['in', NO, NO, NO, 'in', NO, NO, NO],
  'a token to admin': ['in', 'in', 'in', 'in', 'in', 'in', 'in', NO],
  'a demoted admin’s token': ['in', 'in', NO, NO, NO, NO, NO, NO],
}

let lab: Lab
/** What each of them sends along; made anew where a call may have ended it. */
const who = new Map<string, () => Promise<Record<string, string>>>()
const bearer = (secret: string) => async () => ({ authorization: `Bearer ${secret}` })

async function signIn(name: string): Promise<string> {
  return cookieOf(await lab.call('POST', PATHS.session, { body: { name, password: OPERATOR.password } }))
}

beforeAll(async () => {
  lab = await startLab({ config: { requests_per_minute: 1_000_000 } })
  await lab.cookie()
  const idle = await signIn(OPERATOR.name)
  lab.clock.advance(8 * 86_400_000)
  const admin = await signIn(OPERATOR.name)
  const as = (cookie: string, method: string, path: string, body?: unknown) =>
    lab.call(method, path, { body, headers: { cookie, origin: lab.url } })
  const token = async (cookie: string, scopes: readonly Scope[], days: number | null = null) =>
    (await as(cookie, 'POST', PATHS.tokens, { name: 't', scopes, days })).body
  for (const [name, role] of [
    ['vera', 'viewer'],
    ['otto', 'operator'],
    ['dora', 'admin'],
    ['emil', 'admin'],
  ] as const)
    await lab.server.createOperator(name, OPERATOR.password, role)
  const idOf = async (name: string): Promise<number> =>
    (await as(admin, 'GET', PATHS.accounts)).body.find((row: { name: string }) => row.name === name).id
  const [dora, emil] = [await signIn('dora'), await signIn('emil')]
  const [ofDora, ofEmil] = [await token(dora, ['admin']), await token(emil, ['admin', 'read'])]
  await as(admin, 'PATCH', PATHS.account(await idOf('dora')), { disabled: true })
  await as(admin, 'PATCH', PATHS.account(await idOf('emil')), { role: 'viewer' })
  const expired = await token(admin, ['admin'], 1)
  lab.clock.advance(86_400_000)
  const revoked = await token(admin, ['admin'])
  await as(admin, 'DELETE', PATHS.token(revoked.id))

  const known = new Map<string, string>()
  const person = (name: string) => async () => {
    const cookie = known.get(name) ?? ''
    if ((await as(cookie, 'GET', PATHS.session)).body.state !== 'signed-in')
      known.set(name, await signIn(name))
    return { cookie: known.get(name) ?? '', origin: lab.url }
  }
  who.set('nobody', async () => ({}))
  who.set('an unknown session', async () => ({ cookie: `warder_session=${'x'.repeat(43)}` }))
  who.set('an idle session', async () => ({ cookie: idle }))
  who.set('a disabled admin', async () => ({ cookie: dora }))
  who.set('an unknown token', bearer(`wdr_${'x'.repeat(43)}`))
  who.set('an expired token', bearer(expired.secret))
  who.set('a revoked token', bearer(revoked.secret))
  who.set('a disabled admin’s token', bearer(ofDora.secret))
  who.set('a session as a token', async () => bearer(admin.split('=')[1] ?? '')())
  who.set('a viewer', person('vera'))
  who.set('an operator', person('otto'))
  who.set('an admin', person(OPERATOR.name))
  for (const scope of SCOPES) who.set(`a token to ${scope}`, bearer((await token(admin, [scope])).secret))
  who.set('a demoted admin’s token', bearer(ofEmil.secret))
}, 60_000)
afterAll(() => lab[Symbol.asyncDispose]())

const shape = (path: string): string => path.replaceAll(/\{\w+\}/g, '{}')
const routesOf = (need: Need): readonly string[] => TABLE[need].trim().split(/\s*\n\s*/)

describe('every route of the API', () => {
  it('is in the table, and the table has no other', async () => {
    const { body } = await lab.call('GET', PATHS.openapi)
    const documented = Object.entries<Record<string, object>>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${shape(path)}`),
    )
    expect(documented.toSorted()).toEqual(NEEDS.flatMap(routesOf).toSorted())
    expect(Object.keys(EXPECTED).toSorted()).toEqual([...who.keys()].toSorted())
  })

  it('says in its description what it needs', async () => {
    const { body } = await lab.call('GET', PATHS.openapi)
    for (const [path, methods] of Object.entries<Record<string, Record<string, unknown>>>(body.paths)) {
      for (const [method, route] of Object.entries(methods)) {
        const need = NEEDS.find((one) => routesOf(one).includes(`${method.toUpperCase()} ${shape(path)}`))
        if (need === 'everybody') expect(route['security']).toEqual([])
        else expect([method, path, route['x-needs']]).toEqual([method, path, need])
      }
    }
  })

  it.each(Object.keys(EXPECTED))('lets %s in where the table says so, and nowhere else', async (name) => {
    const found: string[] = []
    const wanted: string[] = []
    for (const [at, need] of NEEDS.entries()) {
      for (const route of routesOf(need)) {
        const [method = '', path = ''] = route.split(' ')
        const headers = (await who.get(name)?.()) ?? {}
        // Wrong tokens are counted per address and minute.
        lab.clock.advance(6_001)
        const body = ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined
        const answer = await lab.call(method, path.replaceAll('{}', '9'), { headers, body })
        const code: string = answer.body?.code ?? ''
        const turnedAway = ['session.missing', 'token.invalid', 'access.denied'].includes(code)
        found.push(`${route}: ${turnedAway ? `${answer.status} ${code}` : 'in'}`)
        wanted.push(`${route}: ${EXPECTED[name]?.[at]}`)
      }
    }
    expect(found).toEqual(wanted)
  })
})

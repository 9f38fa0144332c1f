import { PATHS } from '@warder/protocol/paths'
import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Person, personIn } from '../lab/people.ts'
import { LabSocket } from '../lab/socket.ts'
import { NOON, OPERATOR, startLab, type Lab } from '../lab/server.ts'
import { keptIn } from '../lab/storage.ts'

const DAY = 86_400_000
const NEW = 'a wholly other one'
let lab: Lab
beforeEach(async () => {
  lab = await startLab()
  await lab.cookie()
})
afterEach(() => lab[Symbol.asyncDispose]())

const idOf = async (name: string): Promise<number> =>
  (await lab.as('GET', PATHS.accounts)).body.find((row: { name: string }) => row.name === name).id
const create = async (name: string, role: string) =>
  (await lab.as('POST', PATHS.accounts, { name, role })).body
const accept = (code: string, password = NEW, person = new Person(lab, '', '')) =>
  person.ask('POST', PATHS.invitation, { code, password })

describe('an admin', () => {
  it('invites somebody, who chooses a password and is what the admin said', async () => {
    const { account, code, expiresAt } = await create('otto', 'operator')
    expect(account).toMatchObject({
      name: 'otto',
      role: 'operator',
      state: 'invited',
      realm: null,
      totp: false,
    })
    expect(expiresAt).toBe(NOON + 3 * DAY)
    const otto = new Person(lab, 'otto', NEW)
    // As long as there is no password none is right, the empty one neither.
    expect((await otto.signIn({ password: '' })).body.code).toBe('login.failed')
    expect(keptIn(lab.config.data_dir)).not.toContain(code)

    expect((await accept(code, NEW, otto)).body).toMatchObject({
      state: 'signed-in',
      operator: 'otto',
      role: 'operator',
      scopes: ['read', 'unban', 'ban', 'tune'],
    })
    expect((await otto.elsewhere().signIn()).status).toBe(200)
    const [row] = (await lab.as('GET', PATHS.accounts)).body.slice(1)
    expect(row).toMatchObject({ state: 'active', signedInAt: NOON, invitedUntil: null })
  })

  it.each([
    ['was used', async (code: string) => void (await accept(code))],
    ['has run out', async () => lab.clock.advance(3 * DAY)],
    ['was replaced', async () => void (await lab.as('POST', PATHS.accountInvitation(await idOf('otto'))))],
    [
      'belongs to nobody any more',
      async () => void (await lab.as('DELETE', PATHS.account(await idOf('otto')))),
    ],
  ])('cannot give out an invitation that %s', async (_name, happens) => {
    const { code } = await create('otto', 'operator')
    await happens(code)
    expect(await accept(code)).toMatchObject({ status: 401, body: { code: 'invitation.wrong' } })
    expect(await readFile(lab.config.auth_log, 'utf8')).toContain('rhost=127.0.0.1 user="(invitation)"')
  })

  it('lets one of two at the same moment use an invitation', async () => {
    const { code } = await create('otto', 'operator')
    const both = await Promise.all([accept(code), accept(code, `${NEW} too`)])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401])
  })

  it('changes a role at once: sessions end, live streams too', async () => {
    const otto = await personIn(lab, 'otto', 'operator')
    const signedIn = await otto.signIn()
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const stream = new LabSocket<{ kind: string }>(lab.url + PATHS.live, {
      headers: { cookie, origin: lab.url },
    })
    await stream.open()
    stream.send({ kind: 'resume', after: null })
    await stream.next('hello')
    const id = await idOf('otto')
    expect((await lab.as('PATCH', PATHS.account(id), { role: 'viewer' })).body).toMatchObject({
      role: 'viewer',
    })
    await stream.next('signed-out')
    expect(await otto.isIn()).toBe(false)
    expect((await otto.signIn()).body.role).toBe('viewer')
    expect(await otto.ask('POST', PATHS.bans, { ip: '192.0.2.1' })).toMatchObject({
      status: 403,
      body: { code: 'access.denied', message: expect.stringContaining('viewer') },
    })
  })

  it('disables an account and enables it again; its tokens stop meanwhile', async () => {
    const otto = await personIn(lab, 'otto', 'operator')
    const { secret } = (await otto.ask('POST', PATHS.tokens, { name: 's' })).body
    const byToken = () => lab.call('GET', PATHS.bans, { headers: { authorization: `Bearer ${secret}` } })
    expect((await byToken()).status).toBe(200)
    const path = PATHS.account(await idOf('otto'))
    await lab.as('PATCH', path, { disabled: true })
    expect(await otto.isIn()).toBe(false)
    // Only who knows the password learns that the account is disabled.
    expect((await otto.signIn()).body.code).toBe('account.disabled')
    expect((await otto.signIn({ password: 'wrong' })).body.code).toBe('login.failed')
    expect((await byToken()).body.code).toBe('token.invalid')
    await lab.as('PATCH', path, { disabled: false })
    expect((await otto.signIn()).status).toBe(200)
    expect((await byToken()).status).toBe(200)
  })

  it('resets a password: the old one and the sessions are void at once', async () => {
    const otto = await personIn(lab, 'otto', 'operator')
    const { code } = (await lab.as('POST', PATHS.accountInvitation(await idOf('otto')))).body
    expect(await otto.isIn()).toBe(false)
    expect((await otto.signIn()).body.code).toBe('login.failed')
    expect((await accept(code)).body.operator).toBe('otto')
  })

  it('deletes an account, with its sessions and tokens; the audit keeps its name', async () => {
    const otto = await personIn(lab, 'otto', 'operator')
    const { secret } = (await otto.ask('POST', PATHS.tokens, { name: 's' })).body
    expect((await lab.as('DELETE', PATHS.account(await idOf('otto')))).status).toBe(204)
    expect(await otto.isIn()).toBe(false)
    expect((await otto.signIn()).body.code).toBe('login.failed')
    const headers = { authorization: `Bearer ${secret}` }
    expect((await lab.call('GET', PATHS.bans, { headers })).status).toBe(401)
    const { rows } = (await lab.as('GET', PATHS.audit)).body
    expect(
      rows.map(
        (row: { actor: string; action: string; target: string }) =>
          `${row.actor} ${row.action} ${row.target}`,
      ),
    ).toEqual([
      'ada account.remove otto',
      'otto token.create s',
      'otto session.open otto',
      'console account.create otto',
      'ada session.open ada',
      'console account.create ada',
    ])
  })

  it.each([
    ['demoted', (id: number) => lab.as('PATCH', PATHS.account(id), { role: 'operator' })],
    ['disabled', (id: number) => lab.as('PATCH', PATHS.account(id), { disabled: true })],
    ['left with an unused invitation', (id: number) => lab.as('POST', PATHS.accountInvitation(id))],
  ])('is not %s while nobody else can do everything', async (_name, deed) => {
    const id = await idOf(OPERATOR.name)
    await create('eve', 'admin')
    await personIn(lab, 'otto', 'operator')
    const dora = await personIn(lab, 'dora', 'admin')
    await lab.as('PATCH', PATHS.account(await idOf('dora')), { disabled: true })
    expect(await dora.isIn()).toBe(false)
    // An invitation that nobody used, an operator and a disabled admin do not count.
    expect(await deed(id)).toMatchObject({ status: 409, body: { code: 'account.last-admin' } })
    expect((await lab.as('GET', PATHS.accounts)).status).toBe(200)
    await personIn(lab, 'emma', 'admin')
    expect((await deed(id)).status).toBe(200)
  })

  it('cannot delete their own account, nor may the last two delete each other', async () => {
    const emma = await personIn(lab, 'emma', 'admin')
    expect((await lab.as('DELETE', PATHS.account(await idOf('ada')))).body.code).toBe('account.self')
    const [ada, other] = [await idOf('ada'), await idOf('emma')]
    const both = await Promise.all([
      lab.as('DELETE', PATHS.account(other)),
      emma.ask('DELETE', PATHS.account(ada)),
    ])
    expect(both.filter(({ status }) => status === 204)).toHaveLength(1)
  })

  it.each([
    [{ name: 'ada', role: 'viewer' }, 409, 'account.exists'],
    [{ name: ' ada ', role: 'viewer' }, 409, 'account.exists'],
    [{ name: '', role: 'viewer' }, 400, 'input.invalid'],
    [{ name: 'x\ny', role: 'viewer' }, 400, 'input.invalid'],
    [{ name: 'x', role: 'root' }, 400, 'input.invalid'],
    [{ name: 'x', role: 'viewer', password: 'x' }, 400, 'input.invalid'],
  ])('is told what cannot be: %j', async (body, status, code) => {
    expect(await lab.as('POST', PATHS.accounts, body)).toMatchObject({ status, body: { code } })
  })
})

describe('everybody', () => {
  it('changes their password, with the old one, and their other sessions end', async () => {
    const here = await personIn(lab, 'otto', 'viewer')
    const there = here.elsewhere()
    await there.signIn()
    const change = (current: string) => here.ask('POST', PATHS.ownPassword, { current, password: NEW })
    expect((await change('wrong')).body.code).toBe('password.wrong')
    expect(await readFile(lab.config.auth_log, 'utf8')).toContain('user="otto"')
    expect((await change(OPERATOR.password)).status).toBe(204)
    expect([await here.isIn(), await there.isIn()]).toEqual([true, false])
    expect((await there.signIn()).status).toBe(401)
    there.password = NEW
    expect((await there.signIn()).status).toBe(200)
  })

  it('sees where they are signed in, and ends sessions', async () => {
    const here = await personIn(lab, 'otto', 'viewer')
    const [there, yonder, other] = [here.elsewhere(), here.elsewhere(), await personIn(lab, 'vera', 'viewer')]
    await there.signIn({}, { 'user-agent': `<b>x</b>${'y'.repeat(500)}` })
    lab.clock.advance(60_000)
    await yonder.signIn()
    const sessions = async () => (await here.ask('GET', PATHS.ownSessions)).body
    const rows = await sessions()
    expect(rows).toHaveLength(3)
    expect(rows.filter(({ current }: { current: boolean }) => current)).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      address: '127.0.0.1',
      createdAt: NOON + 60_000,
      endsAt: NOON + 60_000 + 30 * DAY,
    })
    const of = rows.find(({ agent }: { agent: string }) => agent.startsWith('<b>'))
    expect(of.agent).toHaveLength(200)
    expect(JSON.stringify(rows)).not.toMatch(/hash/)
    // Nobody ends the session of somebody else.
    expect((await other.ask('DELETE', PATHS.ownSession(of.id))).body.code).toBe('session.unknown')
    expect((await here.ask('DELETE', PATHS.ownSession(of.id))).status).toBe(204)
    expect([await there.isIn(), await yonder.isIn()]).toEqual([false, true])
    expect((await here.ask('DELETE', PATHS.ownSessions)).status).toBe(204)
    expect([await here.isIn(), await yonder.isIn(), await other.isIn()]).toEqual([true, false, true])
    expect(await sessions()).toHaveLength(1)
  })

  it('makes tokens of their own, and of no more than they may do', async () => {
    const vera = await personIn(lab, 'vera', 'viewer')
    const make = (person: Person, scopes: string[]) => person.ask('POST', PATHS.tokens, { name: 't', scopes })
    expect((await make(vera, ['read', 'ban'])).body).toMatchObject({
      code: 'access.denied',
      message: expect.stringContaining('"ban"'),
    })
    const { id } = (await make(vera, ['read'])).body
    const otto = await personIn(lab, 'otto', 'operator')
    expect((await otto.ask('GET', PATHS.tokens)).body).toEqual([])
    expect((await otto.ask('DELETE', PATHS.token(id))).body.code).toBe('token.unknown')
    expect((await vera.ask('GET', PATHS.tokens)).body).toMatchObject([
      { id, scopes: ['read'], createdBy: 'vera' },
    ])
    expect((await lab.as('GET', PATHS.tokens)).body).toMatchObject([{ id }])
    expect((await lab.as('DELETE', PATHS.token(id))).status).toBe(204)
  })

  it('cannot get more by a token than it has', async () => {
    const { secret } = (await lab.as('POST', PATHS.tokens, { name: 'all', scopes: ['admin'] })).body
    const headers = { authorization: `Bearer ${secret}` }
    const made = await lab.call('POST', PATHS.tokens, { headers, body: { name: 'child', scopes: ['read'] } })
    expect(made.body).toMatchObject({ createdBy: 'token:all', scopes: ['read'] })
    const own = await lab.call('GET', PATHS.ownAccount, { headers })
    expect(own.body.code).toBe('access.denied')
  })
})

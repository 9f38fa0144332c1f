import { PATHS } from '@warder/protocol/paths'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addFactor, Authenticator, Person, personIn } from '../lab/people.ts'
import { OPERATOR, startLab, type Lab } from '../lab/server.ts'
import { keptIn } from '../lab/storage.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
let lab: Lab
let otto: Person
beforeEach(async () => {
  lab = await startLab()
  await lab.cookie()
  otto = await personIn(lab, 'otto', 'operator')
})
afterEach(() => lab[Symbol.asyncDispose]())

const authLog = async (): Promise<readonly string[]> =>
  (await readFile(lab.config.auth_log, 'utf8')).split('\n').filter((line) => line !== '')

describe('a second factor', () => {
  it('is asked for once it was confirmed, and not before', async () => {
    const offer = (await otto.ask('POST', PATHS.ownTotp, { password: OPERATOR.password })).body
    const app = new Authenticator(() => lab.clock.now(), offer.uri)
    expect(offer.uri).toContain(`secret=${offer.secret}`)
    expect((await otto.elsewhere().signIn()).status).toBe(200)
    expect((await otto.ask('PUT', PATHS.ownTotp, { code: app.wrong() })).body.code).toBe('totp.wrong')
    const there = otto.elsewhere()
    await there.signIn()
    const confirmed = await otto.ask('PUT', PATHS.ownTotp, { code: app.code() })
    expect(confirmed.body.codes).toHaveLength(10)
    // Sessions from before it end, but for this one.
    expect([await otto.isIn(), await there.isIn()]).toEqual([true, false])
    expect((await otto.ask('GET', PATHS.ownAccount)).body).toMatchObject({ totp: true, recoveryCodes: 10 })
    expect(await there.signIn()).toMatchObject({ status: 401, body: { code: 'login.code-needed' } })
    expect(await there.isIn()).toBe(false)
    lab.clock.advance(30_000)
    expect((await there.signIn({ code: app.code() })).status).toBe(200)
  })

  it('needs the password, and its key is not readable in the database', async () => {
    expect((await otto.ask('POST', PATHS.ownTotp, { password: 'wrong' })).body.code).toBe('password.wrong')
    const { secret } = (await otto.ask('POST', PATHS.ownTotp, { password: OPERATOR.password })).body
    const { recovery } = await addFactor(lab, await personIn(lab, 'vera', 'viewer'))
    const wal = keptIn(lab.config.data_dir)
    for (const secretText of [secret, ...recovery]) expect(wal).not.toContain(secretText)
    expect((await otto.ask('DELETE', PATHS.ownTotp, { password: OPERATOR.password })).body.code).toBe(
      'totp.off',
    )
    expect((await otto.ask('PUT', PATHS.ownTotp, { code: '' })).status).toBe(400)
  })

  it('takes each code once, also from two at the same moment', async () => {
    const { app } = await addFactor(lab, otto)
    const there = otto.elsewhere()
    // What confirmed it is used.
    expect((await there.signIn({ code: app.code() })).body.code).toBe('login.code-wrong')
    lab.clock.advance(30_000)
    const code = app.code()
    const both = await Promise.all([there.signIn({ code }), otto.elsewhere().signIn({ code })])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401])
    expect((await there.signIn({ code })).body.code).toBe('login.code-wrong')
    expect((await there.signIn({ code: app.code(1) })).status).toBe(200)
    // That was of the step to come; the code of this one is older and void.
    expect((await there.signIn({ code: app.code() })).body.code).toBe('login.code-wrong')
    lab.clock.advance(90_000)
    expect((await there.signIn({ code: app.code(-2) })).body.code).toBe('login.code-wrong')
    expect((await there.signIn({ code: app.code(-1) })).status).toBe(200)
  })

  it('can be replaced by each recovery code once, however it is typed', async () => {
    const { recovery } = await addFactor(lab, otto)
    const there = otto.elsewhere()
    const [first = '', second = ''] = recovery
    expect((await there.signIn({ code: ` ${first.toLowerCase().replaceAll('-', ' ')}` })).status).toBe(200)
    expect((await there.signIn({ code: first })).body.code).toBe('login.code-wrong')
    expect((await there.ask('GET', PATHS.ownAccount)).body.recoveryCodes).toBe(9)
    const fresh = (await there.ask('POST', PATHS.ownRecoveryCodes, { password: OPERATOR.password })).body
      .codes
    expect((await there.signIn({ code: second })).body.code).toBe('login.code-wrong')
    expect((await there.signIn({ code: fresh[0] })).status).toBe(200)
    // Those of somebody else are no good.
    const vera = await personIn(lab, 'vera', 'viewer')
    await addFactor(lab, vera)
    expect((await vera.signIn({ code: fresh[1] })).body.code).toBe('login.code-wrong')
  })

  it('is not got around by an invitation, and goes with the hand of an admin alone', async () => {
    const { app } = await addFactor(lab, otto)
    const { id } = (await lab.as('GET', PATHS.accounts)).body.find(
      ({ name }: { name: string }) => name === 'otto',
    )
    const { code } = (await lab.as('POST', PATHS.accountInvitation(id))).body
    const there = otto.elsewhere()
    there.password = 'a wholly other one'
    const accepted = await there.ask('POST', PATHS.invitation, { code, password: there.password })
    expect(accepted).toMatchObject({ status: 200, body: { state: 'signed-out', operator: null } })
    expect(await there.isIn()).toBe(false)
    lab.clock.advance(30_000)
    expect((await there.signIn({ code: app.code() })).status).toBe(200)
    expect((await lab.as('DELETE', PATHS.accountTotp(id))).status).toBe(204)
    expect((await there.elsewhere().signIn()).status).toBe(200)
    await there.ask('POST', PATHS.ownTotp, { password: there.password })
    expect((await there.ask('GET', PATHS.ownAccount)).body).toMatchObject({ totp: false, recoveryCodes: 0 })
  })

  it('whose key is gone with the vault’s is not forgotten: recovery codes still work', async () => {
    const { app, recovery } = await addFactor(lab, otto)
    await lab.stop()
    const folder = lab.config.data_dir.replace(/\/data$/, '')
    const { rm } = await import('node:fs/promises')
    await rm(join(lab.config.data_dir, 'vault.key'))
    lab = await startLab({ folder, clock: lab.clock })
    const again = new Person(lab, 'otto')
    lab.clock.advance(30_000)
    expect((await again.signIn()).body.code).toBe('login.code-needed')
    expect((await again.signIn({ code: app.code() })).body.code).toBe('login.code-wrong')
    expect((await again.signIn({ code: recovery[0] })).status).toBe(200)
  })
})

describe('guesses', () => {
  it('of codes are written down for the warder jail, with the address behind trusted proxies alone', async () => {
    await using behind = await startLab({ config: { trusted_proxies: ['127.0.0.1'] } })
    for (const [where, forwarded, rhost] of [
      [lab, '198.51.100.7', '127.0.0.1'],
      [behind, '198.51.100.7', '198.51.100.7'],
      [behind, '203.0.113.1, 198.51.100.8', '198.51.100.8'],
      [behind, 'nonsense', '127.0.0.1'],
    ] as const) {
      const name = `p${forwarded.length}${rhost.length}`
      const person = await personIn(where, name, 'viewer')
      const { app } = await addFactor(where, person)
      const headers = { 'x-forwarded-for': forwarded }
      const answer = await person.elsewhere().signIn({ code: app.wrong() }, headers)
      expect(answer.body.code).toBe('login.code-wrong')
      const lines = (await readFile(where.config.auth_log, 'utf8')).trim().split('\n')
      expect(lines.at(-1)).toMatch(/^\S+ warder-server\[\d+\]: authentication failure; rhost=\S+ user="\S+"$/)
      expect(lines.at(-1)).toContain(`rhost=${rhost} user="${name}"`)
    }
  })

  it('of codes are looked at five times an hour, from wherever they come', async () => {
    const { app } = await addFactor(lab, otto)
    const thief = (): Promise<{ status: number; body: { code: string } }> =>
      otto.elsewhere().signIn({ code: app.wrong() })
    for (let i = 0; i < 5; i++) expect((await thief()).body.code).toBe('login.code-wrong')
    lab.clock.advance(10 * MINUTE)
    const right = await otto.elsewhere().signIn({ code: app.code() })
    expect(right).toMatchObject({ status: 429, body: { code: 'rate.limited' } })
    // The owner, in the browser they know, is not kept out by that.
    expect((await otto.signIn({ code: app.code() })).status).toBe(200)
    lab.clock.advance(HOUR)
    expect((await otto.elsewhere().signIn({ code: app.code() })).status).toBe(200)
  })

  it('of passwords from many addresses shut unknown browsers out, and never the owner’s', async () => {
    await using behind = await startLab({ config: { trusted_proxies: ['127.0.0.1'] } })
    const ada = await personIn(behind, 'ada', 'admin')
    const from = (i: number) => ({ 'x-forwarded-for': `198.18.${i >> 8}.${i & 255}` })
    for (let i = 0; i < 30; i++) {
      const answer = await new Person(behind, 'ada', 'wrong').signIn({}, from(i))
      expect(answer.body.code).toBe('login.failed')
    }
    const late = await ada.elsewhere().signIn({}, from(1_000))
    expect(late).toMatchObject({ status: 429, body: { code: 'rate.limited' } })
    // The same of a name that nobody has, so that names cannot be found out.
    for (let i = 0; i < 30; i++) await new Person(behind, 'nobody', 'wrong').signIn({}, from(2_000 + i))
    expect(await new Person(behind, 'nobody', 'x').signIn({}, from(3_000))).toMatchObject({
      status: 429,
      body: late.body,
    })
    // The browser in which the owner signed in before is counted by itself, from any address.
    expect((await ada.signIn({}, from(4_000))).status).toBe(200)
    expect((await ada.signIn({ password: 'wrong' }, from(4_000))).body.code).toBe('login.failed')
    // A device that was made up helps nobody, and neither does that of somebody else.
    const eve = await personIn(behind, 'eve', 'viewer')
    expect((await eve.ask('POST', PATHS.session, { name: 'ada', password: 'x' }, from(5_000))).status).toBe(
      429,
    )
    const madeUp = { ...from(5_001), cookie: `warder_device=${'x'.repeat(43)}` }
    expect((await new Person(behind, 'ada', 'x').signIn({}, madeUp)).status).toBe(429)
    behind.clock.advance(HOUR)
    expect((await ada.elsewhere().signIn({}, from(6_000))).status).toBe(200)
    // Some seventy hashes, one after the other, on a machine that may be busy.
  }, 60_000)

  it('reach nobody’s log line twice: a code that is missing is no failure', async () => {
    await addFactor(lab, otto)
    await otto.elsewhere().signIn()
    await otto.elsewhere().signIn({ code: '  ' })
    expect(await authLog()).toEqual([])
  })
})

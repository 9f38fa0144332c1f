import { PATHS } from '@warder/protocol/paths'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProxmoxLogin } from '../../config/schema.ts'
import { Person } from '../../lab/people.ts'
import { LabProxmox } from '../../lab/proxmox.ts'
import { startLab, type Lab } from '../../lab/server.ts'
import { keptIn } from '../../lab/storage.ts'
import { codeOf, stepAt } from '../totp.ts'

const ADMIN = { '/': ['Sys.Audit', 'Sys.Modify'], '/nodes': ['Sys.Audit', 'Sys.Modify'] }
const VIEWER = { '/': ['Sys.Audit'] }
const KEY = randomBytes(20)
let lab: Lab
let pve: LabProxmox

async function start(over: (of: LabProxmox) => Partial<ProxmoxLogin> = () => ({})): Promise<void> {
  const login: ProxmoxLogin = { url: pve.url, realms: ['pam', 'pve'] }
  const pinned = { fingerprint: pve.fingerprint, ...over(pve) }
  const { fingerprint, ca, url = pve.url } = pinned
  lab = await startLab({
    config: {
      proxmox_login: {
        ...login,
        url,
        ...(ca === undefined && fingerprint !== undefined ? { fingerprint } : {}),
        ...(ca === undefined ? {} : { ca }),
      },
    },
  })
  await lab.cookie()
}
beforeEach(async () => {
  pve = await LabProxmox.open(() => lab.clock.now())
  pve.users.set('root@pam', { password: 'of the node', permissions: ADMIN })
})
afterEach(async () => {
  pve[Symbol.dispose]()
  await lab[Symbol.asyncDispose]()
})

const person = (name = 'root', password = 'of the node') => new Person(lab, name, password)
const code = (later = 0): string => codeOf(KEY, stepAt(lab.clock.now()) + later)

describe('signing in by Proxmox', () => {
  it('is off unless it is configured', async () => {
    lab = await startLab()
    await lab.cookie()
    expect((await lab.call('GET', PATHS.session)).body.realms).toEqual([])
    expect((await person().signIn({ realm: 'pam' })).body.code).toBe('realm.unknown')
    expect(pve.asked).toEqual([])
  })

  it.each([
    ['the fingerprint of its certificate', () => ({})],
    [
      'its fingerprint, written otherwise',
      (of: LabProxmox) => ({ fingerprint: of.fingerprint.replaceAll(':', '').toLowerCase() }),
    ],
    ['the authority that signed it', (of: LabProxmox) => ({ ca: of.caFile })],
  ])('opens a session of twelve hours, pinned by %s', async (_name, over) => {
    await start(over)
    const root = person()
    expect((await root.signIn({ realm: 'pam' })).body).toMatchObject({
      state: 'signed-in',
      operator: 'root@pam',
      role: 'admin',
      realms: ['pam', 'pve'],
    })
    expect(pve.asked).toEqual(['POST /access/ticket', 'GET /access/permissions'])
    expect((await root.ask('GET', PATHS.ownAccount)).body).toMatchObject({ realm: 'proxmox', totp: false })
    // The ticket is full power over the nodes: it must not be kept, nor the password.
    expect(keptIn(lab.config.data_dir)).not.toMatch(/PVE:|of the node/)
    lab.clock.advance(12 * 3_600_000 - 1)
    expect(await root.isIn()).toBe(true)
    lab.clock.advance(1)
    expect(await root.isIn()).toBe(false)
  })

  it.each([
    ['another fingerprint', () => ({ fingerprint: '00'.repeat(32) }), 'its fingerprint is'],
    ['another authority', () => ({ ca: '/etc/ssl/certs/ca-certificates.crt' }), 'cannot be reached'],
    ['an authority that is missing', () => ({ ca: '/nowhere/ca.pem' }), '/nowhere/ca.pem cannot be read'],
    ['nothing there', () => ({ url: 'https://127.0.0.1:1' }), 'cannot be reached'],
  ])('says no word where it finds %s, and counts it against nobody', async (_name, over, message) => {
    await start(over)
    for (let i = 0; i < 12; i++) {
      const answer = await person().signIn({ realm: 'pam' })
      expect(answer).toMatchObject({ status: 503, body: { code: 'realm.unreachable' } })
      expect(answer.body.message).toContain(message)
    }
    expect(pve.asked).toEqual([])
    expect(await readFile(lab.config.auth_log, 'utf8')).toBe('')
    // Accounts of this server do not need it.
    expect((await lab.as('GET', PATHS.bans)).status).toBe(200)
  })

  it.each([
    ['a page', '<html>x</html>'],
    ['another form', '{"data":{"x":1}}'],
  ])('takes %s in the place of an answer for a fault of the other side', async (_name, body) => {
    await start()
    pve.instead = (response) => void response.end(body)
    expect((await person().signIn({ realm: 'pam' })).body.code).toBe('realm.unreachable')
    pve.instead = (response) => void response.writeHead(595).end()
    expect((await person().signIn({ realm: 'pam' })).body).toMatchObject({
      code: 'realm.unreachable',
      message: expect.stringContaining('595'),
    })
  })

  it('waits ten seconds for it', async () => {
    await start()
    const hangs = Promise.withResolvers<void>()
    pve.instead = () => hangs.resolve()
    const answer = person().signIn({ realm: 'pam' })
    await hangs.promise
    lab.clock.advance(10_000)
    expect((await answer).body).toMatchObject({
      code: 'realm.unreachable',
      message: expect.stringContaining('10 s'),
    })
  })

  it('writes wrong passwords down with the address of the client, and the realm', async () => {
    await start()
    expect((await person('root', 'wrong').signIn({ realm: 'pam' })).body.code).toBe('login.failed')
    expect((await person('nobody').signIn({ realm: 'pve' })).body.code).toBe('login.failed')
    pve.users.set('otto@pve', { password: 'of the node', permissions: ADMIN, disabled: true })
    expect((await person('otto').signIn({ realm: 'pve' })).body.code).toBe('login.failed')
    // Names that would be another realm's, or no name, are not even asked about.
    const before = pve.asked.length
    for (const name of ['root@pam', 'a b', 'x!token', 'a/b', ''])
      expect((await person(name).signIn({ realm: 'pve' })).body.code).toBe('login.failed')
    expect(pve.asked).toHaveLength(before)
    expect((await person().signIn({ realm: 'ldap' })).body.code).toBe('realm.unknown')
    const lines = (await readFile(lab.config.auth_log, 'utf8')).trim().split('\n')
    expect(lines).toHaveLength(8)
    expect(lines[0]).toContain('rhost=127.0.0.1 user="root@pam"')
    expect(lines[1]).toContain('rhost=127.0.0.1 user="nobody@pve"')
  })

  it.each([
    [ADMIN, 'admin'],
    [{ '/': ['Sys.Audit'], '/nodes': ['Sys.Modify'] }, 'operator'],
    [VIEWER, 'viewer'],
  ])('gives the role that %j stands for', async (permissions, role) => {
    await start()
    pve.users.set('otto@pve', { password: 'p', permissions })
    expect((await person('otto', 'p').signIn({ realm: 'pve' })).body.role).toBe(role)
  })

  it('turns away who has no right to the whole fleet', async () => {
    await start()
    pve.users.set('otto@pve', { password: 'p', permissions: { '/nodes/pve1': ['Sys.Audit', 'Sys.Modify'] } })
    expect(await person('otto', 'p').signIn({ realm: 'pve' })).toMatchObject({
      status: 403,
      body: { code: 'login.no-right' },
    })
    expect((await lab.as('GET', PATHS.accounts)).body).toHaveLength(1)
  })

  it('takes a role away with the next sign-in, everywhere', async () => {
    await start()
    const [here, there] = [person(), person()]
    await here.signIn({ realm: 'pam' })
    pve.users.set('root@pam', { password: 'of the node', permissions: VIEWER })
    expect((await there.signIn({ realm: 'pam' })).body.role).toBe('viewer')
    expect([await here.isIn(), await there.isIn()]).toEqual([false, true])
    expect((await lab.as('GET', PATHS.accounts)).body[1]).toMatchObject({ name: 'root@pam', role: 'viewer' })
  })

  it('keeps out who was disabled here, and who has the name of an account of this server', async () => {
    await start()
    await person().signIn({ realm: 'pam' })
    const { id } = (await lab.as('GET', PATHS.accounts)).body[1]
    await lab.as('PATCH', PATHS.account(id), { disabled: true })
    expect((await person().signIn({ realm: 'pam' })).body.code).toBe('account.disabled')
    await lab.server.createOperator('eve@pve', 'correct horse battery', 'viewer')
    pve.users.set('eve@pve', { password: 'p', permissions: ADMIN })
    expect((await person('eve', 'p').signIn({ realm: 'pve' })).body.code).toBe('account.exists')
    // And the other way round: no password of this server opens an account of Proxmox.
    expect((await person('root@pam', '').signIn()).body.code).toBe('login.failed')
    const invited = await lab.as('POST', PATHS.accountInvitation(id))
    expect(invited.body.code).toBe('account.foreign')
  })

  it('does not count as the admin that has to be left', async () => {
    await start()
    await person().signIn({ realm: 'pam' })
    const { id } = (await lab.as('GET', PATHS.accounts)).body[0]
    expect((await lab.as('PATCH', PATHS.account(id), { role: 'viewer' })).body.code).toBe(
      'account.last-admin',
    )
  })
})

describe('the second factor of Proxmox', () => {
  it('is asked for, and checked there', async () => {
    await start()
    pve.users.set('root@pam', {
      password: 'of the node',
      permissions: ADMIN,
      totp: KEY,
      recovery: ['aaaa-bbbb-cccc-dddd'],
    })
    expect((await person().signIn({ realm: 'pam' })).body.code).toBe('login.code-needed')
    expect((await person().signIn({ realm: 'pam', code: code() })).body.operator).toBe('root@pam')
    expect((await person().signIn({ realm: 'pam', code: 'aaaa-bbbb-cccc-dddd' })).status).toBe(200)
    expect((await person().signIn({ realm: 'pam', code: 'aaaa-bbbb-cccc-dddd' })).body.code).toBe(
      'login.code-wrong',
    )
    expect((await readFile(lab.config.auth_log, 'utf8')).trim().split('\n')).toHaveLength(1)
  })

  it('that only works at its own address is explained', async () => {
    await start()
    pve.users.set('root@pam', { password: 'of the node', permissions: ADMIN, webauthn: true })
    expect(await person().signIn({ realm: 'pam' })).toMatchObject({
      status: 403,
      body: { code: 'login.no-factor' },
    })
  })

  it('is not locked there by guesses that come through here', async () => {
    await start()
    pve.users.set('root@pam', { password: 'of the node', permissions: ADMIN, totp: KEY })
    const wrong =
      ['000000', '111111', '222222', '333333'].find((one) => ![-1, 0, 1].map(code).includes(one)) ?? ''
    for (let hour = 0; hour < 4; hour++) {
      for (let i = 0; i < 4; i++) await person().signIn({ realm: 'pam', code: wrong })
      lab.clock.advance(3_600_000)
    }
    expect(pve.wrongCodes.get('root@pam')).toBe(4)
    expect((await person().signIn({ realm: 'pam', code: code() })).status).toBe(429)
    // A code that cannot be one is not asked about there.
    expect((await person().signIn({ realm: 'pam', code: 'x' })).body.code).toBe('login.code-wrong')
    lab.clock.advance(12 * 3_600_000)
    expect((await person().signIn({ realm: 'pam', code: code() })).status).toBe(200)
  })
})

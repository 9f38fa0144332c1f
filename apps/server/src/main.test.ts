import { parseJoin } from '@warder/protocol'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HELP } from './cli/arguments.ts'
import { LabNode } from './lab/agent.ts'
import { Authenticator } from './lab/people.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A process of the command line, with what it said so far. */
class Process {
  readonly child: ChildProcess
  out = ''
  err = ''
  readonly ended: Promise<Ended>

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args])
    this.child.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString()))
    this.child.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()))
    this.ended = once(this.child, 'close').then(([code]) => ({ code, out: this.out, err: this.err }))
  }

  async url(): Promise<string> {
    await expect
      .poll(() => (this.child.exitCode === null ? this.out : `${this.out}${this.err}ended`), {
        timeout: 10_000,
      })
      .toMatch(/Dashboard: [\s\S]*\n|ended/)
    return /https?:\/\/\S+/.exec(this.out)?.[0] ?? ''
  }
}

let folder: string
let config: string
const running: Process[] = []
const start = (...args: readonly string[]): Process => {
  const started = new Process(args)
  running.push(started)
  return started
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warder-main-'))
  config = join(folder, 'server.toml')
  await writeFile(
    config,
    `host = "127.0.0.1"\nport = 0\ndata_dir = "${folder}/data"\nauth_log = "${folder}/auth.log"\n`,
  )
})
afterEach(async () => {
  for (const { child } of running.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

describe('warder-server', () => {
  it('says where it is and the claim code, stops within 2 s with links open, and goes on where it was', async () => {
    const server = start('run', '--config', config)
    const url = await server.url()
    const [first, second, ...more] = server.out.split('\n')
    expect(first).toBe(`Dashboard:   ${url}`)
    expect(second).toMatch(/^Claim code: {2}[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4} /)
    expect(more).toEqual([''])
    expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, 'data', 'identity.pem'))).mode & 0o777).toBe(0o600)

    const code = await start('claim-code', '--config', config).ended
    expect(code).toMatchObject({ code: 0, err: '' })
    expect(second).toContain(code.out.trim())

    // Beside the running server, and nothing but the text on stdout.
    const made = await start('join-code', '--config', config, '--minutes', '5').ended
    expect(made.code).toBe(0)
    expect(parseJoin(made.out)).not.toBeNull()
    const node = new LabNode('pve1')
    const link = await node.dial(url, { join: made.out.trim() })
    await link.next('welcome')

    const began = performance.now()
    server.child.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
    expect(performance.now() - began).toBeLessThan(2_000)
    await link.closed()

    const again = start('run', '--config', config)
    const known = await node.dial(await again.url())
    expect((await known.next('welcome')).node).toBe('pve1')
  })

  it('backs up beside the running server, verifies, and restores when it is stopped', async () => {
    const server = start('run', '--config', config)
    await server.url()
    const cli = async (...args: readonly string[]) => start(...args, '--config', config).ended
    const made = await cli('backup', join(folder, 'backups'))
    expect(made).toMatchObject({ code: 0, err: expect.stringContaining('Copied and read again') })
    const backup = made.out.trim()
    expect(await cli('verify', backup)).toMatchObject({ code: 0, out: expect.stringContaining('is whole') })
    expect(await cli('verify', join(folder, 'data'))).toMatchObject({ code: 0 })
    expect(await cli('restore', backup)).toMatchObject({ code: 1, err: expect.stringContaining('works on') })
    server.child.kill('SIGTERM')
    await server.ended
    expect(await cli('restore', backup)).toMatchObject({
      code: 0,
      out: expect.stringContaining('is in place'),
    })
    await start('run', '--config', config).url()
    expect(await cli('verify', folder)).toMatchObject({ code: 1, err: expect.stringContaining('neither') })
  })

  it('gives an operator who forgot it a new password, beside the running server, and ends their sessions', async () => {
    const server = start('run', '--config', config)
    const url = await server.url()
    const code = /[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(server.out)?.[0]
    const post = (path: string, body: unknown) =>
      fetch(`${url}/api/v1/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const claimed = await post('claim', { code, name: 'ada', password: 'soon forgotten' })
    const cookie = claimed.headers.get('set-cookie')?.split(';')[0] ?? ''
    const nodes = () => fetch(`${url}/api/v1/nodes`, { headers: { cookie } })
    expect((await nodes()).status).toBe(200)

    const renewed = await start('new-password', '--operator', 'ada', '--config', config).ended
    expect(renewed).toMatchObject({ code: 0, err: expect.stringContaining('The new password of ada') })
    expect((await nodes()).status).toBe(401)
    expect((await post('session', { name: 'ada', password: 'soon forgotten' })).status).toBe(401)
    expect((await post('session', { name: 'ada', password: renewed.out.trim() })).status).toBe(200)

    const unknown = await start('new-password', '--operator', 'bob', '--config', config).ended
    expect(unknown).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('There is no account "bob"'),
    })
  })

  it('keeps accounts beside the running server: invites, lists, resets, removes a second factor', async () => {
    const server = start('run', '--config', config)
    const url = await server.url()
    const cli = async (...args: readonly string[]) => start(...args, '--config', config).ended
    const call = (method: string, path: string, body: unknown, cookie = '') =>
      fetch(`${url}/api/v1/${path}`, {
        method,
        headers: { 'content-type': 'application/json', cookie },
        body: JSON.stringify(body),
      })
    const invited = await cli('invite', '--operator', 'ada', '--role', 'admin')
    expect(invited).toMatchObject({ code: 0, err: expect.stringContaining('It works once, within 3 days') })
    const code = /\/invitation#(inv_[\w-]{32})\n$/.exec(invited.out)?.[1] ?? ''
    const password = 'a wholly new one'
    const accepted = await call('POST', 'invitation', { code, password })
    expect(accepted.status).toBe(200)
    const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0] ?? ''

    const offer = await (await call('POST', 'account/totp', { password }, cookie)).json()
    const key = new Authenticator(() => Date.now(), (offer as { uri: string }).uri)
    expect((await call('PUT', 'account/totp', { code: key.code() }, cookie)).status).toBe(200)
    expect((await call('POST', 'session', { name: 'ada', password })).status).toBe(401)
    expect((await cli('accounts')).out).toBe('ada\tadmin\tactive\tpassword and code\n')
    expect(await cli('remove-totp', '--operator', 'ada')).toMatchObject({ code: 0, out: '' })
    expect((await call('POST', 'session', { name: 'ada', password })).status).toBe(200)

    expect((await cli('invite', '--operator', 'ada')).code).toBe(0)
    expect((await call('GET', 'nodes', undefined, cookie)).status).toBe(401)
    expect((await call('POST', 'session', { name: 'ada', password })).status).toBe(401)
    const again = await cli('invite', '--operator', 'ada', '--role', 'viewer')
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('Without --role') })
    // Six processes, one after the other, on a machine that may be busy.
  }, 60_000)

  it('leaves no lock behind when it is killed, and has one while it runs', async () => {
    const first = start('run', '--config', config)
    await first.url()
    const second = await start('run', '--config', config).ended
    expect(second.code).toBe(1)
    expect(second.err.trim()).toMatch(
      /^warder-server: Another warder-server works on \S+ already\. Stop that one, or .*--data-dir FOLDER\.$/,
    )
    first.child.kill('SIGKILL')
    await first.ended
    expect(await start('run', '--config', config).url()).not.toBe('')
  })

  it('says in a sentence that the port is in use, who else uses 8008, and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const ended = await start('run', '--config', config, '--port', String(port)).ended
    expect(ended).toMatchObject({ code: 1, out: '' })
    // Threads of a process have names of their own, so its number tells.
    expect(ended.err).toMatch(new RegExp(`Port ${port} is in use by .+ \\(process ${process.pid}\\)`))
    expect(ended.err).toContain('warder-server set-port 8008, or port = 8008 in server.toml, or --port 8008')
    const checked = await start('check-port', '--config', config, '--port', String(port)).ended
    expect(checked).toMatchObject({ code: 1, out: '', err: ended.err })
    other.close()
    expect(ended.err).not.toContain('    at ')
  })

  it('writes another port into its file, and tells the jail of the dashboard', async () => {
    const jail = join(folder, 'jail.d', 'warder-server-port.conf')
    const set = await start('set-port', '8123', '--config', config).ended
    expect(set).toMatchObject({ code: 0, out: '8123\n' })
    expect(await readFile(config, 'utf8')).toMatch(/^host = .*\nport = 8123\ndata_dir/)
    expect(await readFile(jail, 'utf8')).toContain('[warder]\nport = 8123\n')
    expect((await start('set-port', '8008', '--config', config).ended).code).toBe(0)
    expect(existsSync(jail)).toBe(false)
    const free = await start('set-port', '--config', config).ended
    expect(Number(free.out)).toBeGreaterThanOrEqual(8_008)
  })

  it('tells where it is while it runs, and that it does not run', async () => {
    const server = start('run', '--config', config)
    await server.url()
    const told = await start('status', '--config', config).ended
    expect(told).toMatchObject({ code: 0, err: '' })
    expect(told.out).toMatch(
      /^Dashboard: .*\nClaim code: {3}[A-Z2-9]{4}-.*\nCertificate: {2}([0-9A-F]{2}:?){32} .*\nFingerprint: {2}[0-9a-f]{32} /,
    )
    server.child.kill('SIGTERM')
    await server.ended
    expect(await start('status', '--config', config).ended).toMatchObject({ code: 1, out: '' })
  })

  it.each([
    ['a data folder that is none', ['--data-dir', '/dev/null/data'], /\/dev\/null\/data.*--data-dir FOLDER/],
    [
      'an address that is not of this machine',
      ['--host', '192.0.2.55'],
      /192\.0\.2\.55 is not an address of this machine/,
    ],
    ['a port that is none', ['--port', 'x'], /port: /],
    ['a file that is missing', ['--config', '/nothing/server.toml'], /\/nothing\/server\.toml/],
  ])('says in a sentence what is wrong with %s', async (_name, args, sentence) => {
    const ended = await start('run', '--config', config, ...args).ended
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toMatch(sentence)
    expect(ended.err).not.toContain('    at ')
  })

  it('tells of every mistake in its file at once', async () => {
    await writeFile(
      config,
      `port = 99999\ncolour = "red"\ndata_dir = "relative"\ntls_cert = "/x.pem"\n[log]\nlevel = "loud"\n`,
    )
    const { err, code } = await start('run', '--config', config).ended
    expect(code).toBe(1)
    for (const word of ['port', 'colour', 'data_dir', 'log.level']) expect(err).toContain(word)
  })

  it.each([
    ['url = "http://192.0.2.10:8006"\nca = "/x.pem"', 'must be like https://'],
    ['url = "https://192.0.2.10:8006"', 'name one of fingerprint and ca'],
    [`url = "https://192.0.2.10:8006"\nca = "/x.pem"\nfingerprint = "${'ab:'.repeat(31)}ab"`, 'name one of'],
    ['url = "https://192.0.2.10:8006"\nfingerprint = "ab:cd"', '64 hexadecimal digits'],
  ])('does not send passwords to a Proxmox that is not pinned: %j', async (lines, words) => {
    await writeFile(config, `${await readFile(config, 'utf8')}[proxmox_login]\n${lines}\n`)
    const ended = await start('run', '--config', config).ended
    expect(ended.code).toBe(1)
    expect(ended.err).toContain('proxmox_login')
    expect(ended.err).toContain(words)
  })

  it('tells how it is used, and what it did not understand', async () => {
    expect(await start('--help').ended).toMatchObject({ code: 0, out: HELP, err: '' })
    const wrong = await start('dance').ended
    expect(wrong).toMatchObject({ code: 2, out: '' })
    expect(wrong.err).toContain('There is no command "dance"')
  })

  it('has no codes to give before it ran', async () => {
    for (const verb of ['join-code', 'claim-code']) {
      const ended = await start(verb, '--config', config).ended
      expect(ended).toMatchObject({ code: 1, out: '' })
      expect(ended.err).toMatch(/^warder-server: .*\n$/)
    }
    expect(existsSync(join(folder, 'data'))).toBe(false)
  })

  it.skipIf(spawnSync('openssl', ['version']).status !== 0)(
    'speaks https and wss with a certificate (skipped where openssl is missing)',
    async () => {
      const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
      spawnSync('openssl', [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=127.0.0.1',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-keyout',
        key,
        '-out',
        cert,
      ])
      await writeFile(config, `${await readFile(config, 'utf8')}tls_cert = "${cert}"\ntls_key = "${key}"\n`)
      const url = await start('run', '--config', config).url()
      expect(url).toMatch(/^https:/)
      const made = await start('join-code', '--config', config).ended
      const link = await new LabNode('pve1').dial(
        url,
        { join: made.out.trim() },
        { ca: await readFile(cert) },
      )
      expect((await link.next('welcome')).node).toBe('pve1')
      await writeFile(cert, 'nonsense')
      const broken = await start('run', '--config', config, '--data-dir', join(folder, 'other')).ended
      expect(broken.err).toMatch(/TLS cannot be set up from tls_cert and tls_key/)
    },
  )
})

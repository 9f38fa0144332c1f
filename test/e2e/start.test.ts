import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shownIn } from '../docs/page.ts'
import { blocksFor } from '../docs/proofs.ts'
import { likeThis, steady } from '../docs/shown.ts'
import { labTrouble } from '../lab/available.ts'
import { Companion, run, until } from '../lab/command.ts'
import { Network, type Machine } from '../lab/namespace.ts'
import { inKernel } from '../lab/warder.ts'

const trouble = labTrouble(['/usr/sbin/nft', '/usr/bin/curl'])
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const START = ['npm', 'start', '--silent', '--prefix', ROOT, '--']
const URL_8008 = 'http://127.0.0.1:8008'

/** `npm start` as a newcomer runs it, on a machine of its own. */
describe.skipIf(trouble)(`npm start${trouble ? ` (${trouble})` : ''}`, () => {
  let network: Network
  let machine: Machine
  let visitor: Machine
  let folder = ''
  let first: Companion

  const start = (args: readonly string[]): Companion =>
    // setsid: a group of its own, so that Ctrl-C can be sent as a terminal does, to all of it at once.
    new Companion(machine.on(['setsid', ...START, ...args]), { FORCE_COLOR: '0' })
  const curl = (...args: readonly string[]) => run(machine.on(['curl', '-s', '--max-time', '10', ...args]))

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warder-start-'))
    network = await Network.open()
    machine = await network.addMachine('own', [1])
    visitor = await network.addMachine('guest', [20])
    first = start(['--state', join(folder, 'state')])
    await first.prints('Stop:', 100_000)
  })
  afterAll(async () => {
    await run(['kill', '-INT', '--', `-${first.pid}`])
    await first.ended
    await network?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  it('prints the address, a claim code, and what the firewall does', () => {
    expect(first.output).toMatch(/http:\/\/\S+:8008/)
    expect(first.output).toMatch(/[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/)
    expect(first.output).toMatch(/Firewall: +enforcing/)
  })

  it.each(blocksFor('test/e2e/start.test.ts'))('prints what $page shows', (block) => {
    for (const { output } of shownIn(block))
      expect(steady(first.output)).toMatch(likeThis(`…${output.trim()}…`))
  })

  it('has one agent, enrolled without asking, and lets the claim code make the operator', async () => {
    const code = /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(first.output)?.[0]
    const jar = join(folder, 'jar')
    const claim = JSON.stringify({ code, name: 'ada', password: 'correct horse battery' })
    const claimed = await curl(
      '-c',
      jar,
      '-H',
      'content-type: application/json',
      '-H',
      `origin: ${URL_8008}`,
      '-d',
      claim,
      `${URL_8008}/api/v1/claim`,
    )
    expect(JSON.parse(claimed.stdout)).toMatchObject({ state: 'signed-in', operator: 'ada' })
    const nodes = await until('the node online', async () => {
      const rows = JSON.parse((await curl('-b', jar, `${URL_8008}/api/v1/nodes`)).stdout) as {
        state: string
        firewall: unknown
      }[]
      return rows[0]?.state === 'online' && rows[0].firewall ? rows : null
    })
    expect(nodes).toMatchObject([{ state: 'online', firewall: { backend: 'nftables', enforcing: true } }])
  })

  it('never bans loopback, its own addresses or networks that it is attached to', async () => {
    for (const ip of ['127.0.0.1', '203.0.113.1', '203.0.113.99', '203.0.112.0/20', '::1', 'fe80::1']) {
      const done = await run(
        machine.on([
          'npm',
          'run',
          '--silent',
          '--prefix',
          ROOT,
          'warder',
          '--',
          'ban',
          ip,
          '--socket',
          join(folder, 'state', 'agent.sock'),
        ]),
      )
      expect([ip, done.code]).toEqual([ip, 1])
    }
    expect((await run(machine.on(['nft', 'list', 'table', 'inet', 'warder']))).stdout).not.toMatch(
      /elements = \{[^}]*203\.0\.113\.99/,
    )
  })

  it('lets its neighbours be banned once the operator says so', async () => {
    const done = await curl(
      '-b',
      join(folder, 'jar'),
      '-X',
      'PUT',
      '-H',
      'content-type: application/json',
      '-H',
      `origin: ${URL_8008}`,
      '-d',
      '{"filterLocalNetworks":true}',
      `${URL_8008}/api/v1/settings`,
    )
    expect(JSON.parse(done.stdout)).toMatchObject({ revision: 1 })
    await until('the node to filter its local networks', async () => {
      const rows = JSON.parse((await curl('-b', join(folder, 'jar'), `${URL_8008}/api/v1/nodes`)).stdout) as {
        never: { localNetworks: { filtered: boolean } } | null
      }[]
      return rows[0]?.never?.localNetworks.filtered === true ? rows : null
    })
  })

  it('bans who fails at its own door, and from that door alone', async () => {
    const [guesser, url] = ['203.0.113.20', 'https://203.0.113.1:8008']
    const visit = (...args: readonly string[]) =>
      run(visitor.on(['curl', '-sk', '--max-time', '3', '-w', '%{http_code}', ...args]))
    const login = [
      '-H',
      'content-type: application/json',
      '-d',
      '{"name":"ada","password":"wrong password"}',
      `${url}/api/v1/session`,
    ]
    for (let tries = 0; tries < 5; tries++)
      expect((await visit(...login)).stdout).toMatch(/login\.failed.*401$/s)
    await until('the ban in the kernel', async () => (await inKernel(machine)).includes(guesser))
    expect((await visit(`${url}/healthz`)).code).not.toBe(0)
  })

  it('tells a second start that it runs already, and how to stop it', async () => {
    const second = start(['--state', join(folder, 'state')])
    expect(await second.ended).toBe(1)
    expect(second.output).toMatch(/runs here already \(process \d+\).*Ctrl-C/s)
  })

  it('tells that the port is in use, and offers another', async () => {
    const other = start(['--state', join(folder, 'other')])
    expect(await other.ended).toBe(1)
    expect(other.output).toMatch(/port 8008 is in use by another program.*--port 8009/s)
  })

  it('stops within 3 s on Ctrl-C and takes its table away', async () => {
    expect((await run(machine.on(['nft', 'list', 'table', 'inet', 'warder']))).code).toBe(0)
    const began = Date.now()
    await run(['kill', '-INT', '--', `-${first.pid}`])
    await first.ended
    await until('nothing left listening', async () => (await curl(`${URL_8008}/healthz`)).code === 7, 3_000)
    expect(Date.now() - began).toBeLessThan(3_000)
    expect((await run(machine.on(['nft', 'list', 'table', 'inet', 'warder']))).code).not.toBe(0)
  })

  it('starts again as the same node, with its operator, without root as a dry run', async () => {
    await run(['chown', '-R', '65534:65534', folder])
    const plain = new Companion(
      machine.on([
        'setsid',
        'setpriv',
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        ...START,
        '--state',
        join(folder, 'state'),
      ]),
      { HOME: folder, FORCE_COLOR: '0' },
    )
    await plain.prints('Stop:', 60_000)
    expect(plain.output).toMatch(/DRY RUN, nothing is blocked.*root/)
    expect(plain.output).not.toMatch(/[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/)
    const nodes = JSON.parse(
      (await curl('-b', join(folder, 'jar'), `${URL_8008}/api/v1/nodes`)).stdout,
    ) as unknown[]
    expect(nodes).toMatchObject([{ state: 'online', firewall: { backend: 'dry-run', enforcing: false } }])
    await run(['kill', '-INT', '--', `-${plain.pid}`])
    await plain.ended
  })
})

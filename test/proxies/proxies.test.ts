// Takes the configurations out of docs/operate/proxy.md as they are and puts real proxies with them before a real server.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { request, type RequestOptions } from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { X509Certificate } from 'node:crypto'
import { PATHS } from '@warder/protocol/paths'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { AgentLab } from '../../apps/agent/src/lab.ts'
import { selfSigned, type KeyPair } from '../../apps/server/src/certificate/self-signed.ts'
import { OPERATOR, startLab, type Lab } from '../../apps/server/src/lab/server.ts'
import { ManualClock } from '../../packages/daemon/src/index.ts'
import { blocksFor } from '../docs/proofs.ts'
import { programOf, type Proxy } from '../lab/programs.ts'

const BLOCKS = blocksFor('test/proxies/proxies.test.ts')
const BASE = '/warder'
const WAIT = { timeout: 20_000, interval: 50 }
const VISITOR = '127.0.0.77'
const HTML = '<meta name="warder-base" content="" /><script src="./assets/a.js"></script>'

const configOf = (proxy: Proxy, upstream: number): string => {
  const block = BLOCKS.find(({ language }) => language === proxy)?.text ?? ''
  expect(block).toContain('127.0.0.1:8008')
  return block.replace('127.0.0.1:8008', `127.0.0.1:${upstream}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** The whole configuration around a block of the page, and how the program is started with it. */
const AROUND: Readonly<
  Record<Proxy, (block: string, folder: string, port: number) => { config: string; args: readonly string[] }>
> = {
  nginx: (block, folder, port) => ({
    config: `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server { listen 127.0.0.1:${port} ssl; ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
${block}
  }
}`,
    args: ['-e', `${folder}/error.log`, '-c', `${folder}/config`],
  }),
  caddy: (block, folder, port) => ({
    config: `{
  admin off
  auto_https off
  storage file_system ${folder}/storage
}
https://127.0.0.1:${port} {
  tls ${folder}/cert.pem ${folder}/key.pem
${block}
}
`,
    args: ['run', '--adapter', 'caddyfile', '--config', `${folder}/config`],
  }),
}

const programs = mkdtempSync(join(tmpdir(), 'warder-proxies-'))
afterAll(() => rmSync(programs, { recursive: true, force: true }))

describe.each<Proxy>(['nginx', 'caddy'])('behind %s', (proxy) => {
  const program = programOf(proxy, programs)

  describe.skipIf(program === null)(`(needs ${proxy} from Debian)`, () => {
    let lab: Lab
    let port: number
    let child: ChildProcess
    let pair: KeyPair
    const folder = mkdtempSync(join(tmpdir(), `warder-${proxy}-`))

    beforeAll(async () => {
      lab = await startLab({
        clock: new ManualClock(Date.now()),
        config: { base_path: BASE, trusted_proxies: ['127.0.0.1'], web_root: join(folder, 'web') },
      })
      await lab.server.createOperator(OPERATOR.name, OPERATOR.password)
      await mkdir(join(folder, 'web', 'assets'), { recursive: true })
      await writeFile(join(folder, 'web', 'index.html'), HTML)
      await writeFile(join(folder, 'web', 'assets', 'a.js'), 'export {}')
      const now = Date.now()
      pair = selfSigned({ names: ['localhost', '127.0.0.1'], from: now - 60_000, to: now + 86_400_000 })
      await writeFile(join(folder, 'cert.pem'), pair.cert)
      await writeFile(join(folder, 'key.pem'), pair.key)
      port = await freePort()
      const block = configOf(proxy, Number(new URL(lab.url.replace(BASE, '')).port))
      const { config, args } = AROUND[proxy](block, folder, port)
      await writeFile(join(folder, 'config'), config)
      child = spawn(program ?? '', args, { stdio: 'ignore', env: { ...process.env, HOME: folder } })
      await vi.waitFor(async () => expect((await ask('GET', '/healthz')).status).toBe(200), WAIT)
    })
    afterAll(async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      await lab[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    })

    const url = () => `https://127.0.0.1:${port}${BASE}`
    /** Through the proxy, from an address that is the visitor's own. */
    async function ask(method: string, path: string, body?: object, headers: RequestOptions['headers'] = {}) {
      const json = body === undefined ? {} : { 'content-type': 'application/json' }
      const asked = request(url() + path, {
        method,
        localAddress: VISITOR,
        ca: pair.cert,
        headers: { origin: new URL(url()).origin, ...json, ...headers },
        agent: false,
      })
      asked.end(body === undefined ? undefined : JSON.stringify(body))
      const [answer] = await once(asked, 'response')
      return { status: answer.statusCode as number, headers: answer.headers, body: await text(answer) }
    }
    const signIn = async () => {
      const { status, headers } = await ask('POST', PATHS.session, OPERATOR)
      expect(status).toBe(200)
      return String(headers['set-cookie']).split(';')
    }

    it('shows the dashboard below its path, with its files', async () => {
      const page = await ask('GET', '/bans')
      expect(page).toMatchObject({ status: 200 })
      expect(page.body).toContain(`content="${BASE}"`)
      expect(page.body).toContain(`src="${BASE}/assets/a.js"`)
      expect(await ask('GET', '/assets/a.js')).toMatchObject({ status: 200, body: 'export {}' })
    })

    it('keeps the session in a cookie for https, below its path', async () => {
      const cookie = await signIn()
      expect(cookie.map((part) => part.trim())).toEqual(
        expect.arrayContaining([`Path=${BASE}`, 'Secure', 'HttpOnly']),
      )
      expect((await ask('GET', PATHS.bans, undefined, { cookie: cookie[0] })).status).toBe(200)
    })

    it('writes down the address of who failed to sign in, whatever they claim', async () => {
      const claimed = { 'x-forwarded-for': '198.51.100.9' }
      await ask('POST', PATHS.session, { name: 'ada', password: 'wrong password' }, claimed)
      const log = readFileSync(lab.config.auth_log, 'utf8')
      expect(log).toContain(VISITOR)
      expect(log).not.toContain('198.51.100.9')
      expect(log).not.toMatch(/127\.0\.0\.1\b/)
    })

    it('streams what happens to a browser', async () => {
      const [cookie = ''] = await signIn()
      const socket = new WebSocket(url().replace('https', 'wss') + PATHS.live, {
        ca: pair.cert,
        headers: { cookie, origin: new URL(url()).origin },
      })
      socket.on('open', () => socket.send(JSON.stringify({ kind: 'resume', after: null })))
      const [message] = await once(socket, 'message')
      expect(JSON.parse(String(message))).toHaveProperty('kind')
      socket.terminate()
    })

    it('offers agents the address that the operator sees, with the path', async () => {
      const [cookie = ''] = await signIn()
      const made = await ask('POST', PATHS.joinCodes, { minutes: 5 }, { cookie })
      expect(JSON.parse(made.body).command).toContain(`warder enrol ${url()} warder-join.`)
    })

    it('links a real agent that pins the certificate of the proxy', async () => {
      await using agent = await AgentLab.open()
      const fingerprint = new X509Certificate(pair.cert).fingerprint256
      await agent.start(
        agent.config({ server: url(), join: lab.server.createJoin(15), tls: { fingerprint } }),
      )
      await expect
        .poll(async () =>
          (await lab.as('GET', PATHS.nodes)).body.map(({ state }: { state: string }) => state),
        )
        .toEqual(['online'])
    })
  })
})

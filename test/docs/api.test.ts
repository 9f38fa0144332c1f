// Takes what the pages say to do with curl out of them as it is, and does it with a real shell and curl, in the order of the
// pages, against a real server that a real agent is linked to.
import { execFile, spawnSync } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { API, PATHS } from '@warder/protocol/paths'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ManualClock, systemClock } from '../../packages/daemon/src/index.ts'
import { AgentLab } from '../../apps/agent/src/lab.ts'
import { Journald, whyNoJournald } from '../../apps/agent/src/source/journald.ts'
import { machineSources } from '../../apps/agent/src/source/machine.ts'
import { Ears } from '../../apps/server/src/lab/ear.ts'
import { startLab, type Lab } from '../../apps/server/src/lab/server.ts'
import { namesBelow, type Block } from './page.ts'
import { blocksFor, PAGES } from './proofs.ts'

const BLOCKS = blocksFor('test/docs/api.test.ts')
const TITLE = /^\d+\. /
const RECIPES = BLOCKS.filter(({ heading }) => TITLE.test(heading)).map(({ heading, text }) => ({
  title: heading.replace(TITLE, ''),
  script: text,
}))
const OTHERS = BLOCKS.filter(({ heading }) => !TITLE.test(heading))

const WAIT = { timeout: 20_000, interval: 50 }

const isMissing = (name: string): boolean => spawnSync(name, ['--version']).status !== 0
const missing = ['curl', 'bash'].filter(isMissing)

const noJournald = whyNoJournald()
const noJq = isMissing('jq') ? 'needs jq' : null
/** Why a block is left out here. */
const left = ({ text }: Block): string | null =>
  text.includes('/journal/') ? noJournald : /^jq /m.test(text) ? noJq : null

/** A refused call ends the script and says so, an answer ends its line, and `id` is of what was made first. */
const AROUND = `set -e -o pipefail
: > "$ANSWERS"
curl() {
  local answer
  answer=$(command curl -sf -w '%{stderr}%{http_code} %{url}\\n' "$@")
  printf '%s\\n' "$answer" >> "$ANSWERS"
  printf '%s\\n' "$answer"
}
id() { grep -oE '"id":"?[^",}]+' "$ANSWERS" | head -n 1 | sed -E 's/.*:"?//'; }
`

const trouble = missing.length > 0 ? ` (needs ${missing.join(', ')})` : ''

describe.skipIf(trouble)(`what the pages do with curl${trouble}`, () => {
  let server: Lab
  let agent: AgentLab
  let journald: Journald | null
  let folder: string
  let env: NodeJS.ProcessEnv
  /** What stands for something else in the pages. */
  let meant: readonly (readonly [written: string, is: string])[]
  const ears = new Ears()
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warder-docs-'))
    await writeFile(join(folder, 'bad.txt'), '198.51.100.7 # seen\n2001:db8:7::/48\n')
    const elsewhere = await ears.http()
    elsewhere.answer = { status: 200, body: '198.51.100.77\n' }
    server = await startLab({
      clock: new ManualClock(Date.now()),
      config: { private_hosts: ['127.0.0.1'] },
    })
    agent = await AgentLab.open()
    await mkdir(join(agent.folder, 'etc', 'jail.d'))
    await writeFile(
      join(agent.folder, 'etc', 'jail.d', 'sshd.local'),
      '[sshd]\nenabled = true\nbackend = systemd\n',
    )
    journald = noJournald ? null : await Journald.start()
    journald?.log('sshd', ['Failed password for root from 203.0.113.7 port 4711 ssh2'])
    const link = { server: server.url.replace('http', 'ws'), join: server.server.createJoin(15) }
    const sources = machineSources(systemClock, journald?.journalctl)
    await agent.start(agent.config(link), { sources })
    const secret = (await server.as('POST', PATHS.tokens, { name: 'recipes', scopes: ['admin'] })).body.secret
    env = {
      ...process.env,
      WARDER: server.url + API,
      AUTH: `Authorization: Bearer ${secret}`,
      TOKEN: secret,
      ANSWERS: join(folder, 'answers'),
    }
    meant = [
      ['http://localhost:8008', server.url],
      ['https://warder.example:8008', server.url],
      ['https://SERVER:8008', server.url],
      ['wdr_…', secret],
      ['/ID', '/$(id)'],
      ['%2Fvar%2Flog%2Fauth.log', encodeURIComponent(agent.log)],
      ['https://lists.example/scanners.txt', elsewhere.url],
      ['"topic":"warder-3f9c1"', `"topic":"warder-3f9c1","server":"${elsewhere.url}"`],
    ]
    await vi.waitFor(
      async () => expect((await server.as('GET', `${PATHS.jails}?jail=door`)).body).toHaveLength(1),
      WAIT,
    )
    // A past to work on: what the recipes unban, and two failures that are no ban yet.
    for (const ip of ['127.0.0.9', '203.0.113.9', '203.0.113.10', '198.51.100.1', '203.0.113.60'])
      await agent.attack(ip, 2)
    for (const ip of ['203.0.113.9', '203.0.113.10', '198.51.100.1']) await agent.attack(ip, 1)
    await isBanned('203.0.113.9', true)
    await isBanned('203.0.113.10', true)
    await isBanned('198.51.100.1', true)
  }, 60_000)
  afterAll(async () => {
    await agent[Symbol.asyncDispose]()
    await journald?.[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    ears[Symbol.dispose]()
    await rm(folder, { recursive: true })
  })

  const isBanned = (ip: string, expected: boolean) =>
    vi.waitFor(
      async () => expect((await agent.banned()).some((ban) => ban.endsWith(` ${ip}`))).toBe(expected),
      WAIT,
    )
  const run = async (script: string) => {
    // A lift is about bans from before it: both clocks must go on together.
    server.clock.advance(Date.now() - server.clock.now())
    const here = meant.reduce((text, [written, is]) => text.replaceAll(written, is), script)
    const { stdout } = await promisify(execFile)('bash', ['-c', AROUND + here], { env, cwd: folder })
    const [last = ''] = stdout.trim().split('\n').slice(-1)
    return last === '' ? null : JSON.parse(last)
  }
  const maxretry = () => agent.agent?.status().jails.find(({ name }) => name === 'door')?.effective.maxretry

  const CHECKS: Readonly<
    Record<string, (answer: never, again: () => Promise<never>) => Promise<void> | void>
  > = {
    'Let me in again': (answer) => expect(answer).toMatchObject({ ips: ['127.0.0.1'] }),
    'Unban an address everywhere': async (answer) => {
      expect(answer).toMatchObject({ orders: [{ node: 'pve1', state: 'sent' }] })
      await isBanned('203.0.113.9', false)
    },
    'Unban a list': async () => {
      await isBanned('203.0.113.10', false)
      await isBanned('198.51.100.1', false)
    },
    'Ban for an hour, safe to send again': async (answer, again) => {
      await isBanned('203.0.113.50', true)
      expect(await again()).toEqual(answer)
    },
    'Who is banned, where and why': (answer) =>
      expect(answer).toMatchObject({ rows: [{ node: 'pve1', ip: '203.0.113.50', reason: 'ticket 4711' }] }),
    'Never ban an address again': async () => {
      const inForce = () =>
        appendFile(agent.log, 'bad login of root from 203.0.113.60\n').then(
          async () =>
            (await server.as('GET', `${PATHS.events}?kind=failure.ignored&ip=203.0.113.60`)).body.rows.length,
        )
      await expect.poll(inForce, { timeout: 20_000 }).toBeGreaterThan(0)
    },
    'Whom would other settings have banned': (answer) =>
      expect(answer).toMatchObject({ nodes: [{ node: 'pve1', settings: { proposed: { maxretry: 2 } } }] }),
    'Tune a jail on all nodes, unless somebody did meanwhile': (answer) =>
      expect(answer).toMatchObject({ revision: 1, nodes: [{ node: 'pve1' }] }),
    'Wait until all nodes have it': (answer) => {
      expect(answer).toMatchObject({ revision: 1, answers: [{ node: 'pve1', state: 'applied' }] })
      expect(maxretry()).toBe(4)
    },
    'Go back to the settings of before': async (answer) => {
      expect(answer).toMatchObject({ revision: 2 })
      await expect.poll(maxretry, { timeout: 20_000 }).toBe(3)
    },
  }

  it('begins with ten recipes, and each has a check here', () =>
    expect(RECIPES.map(({ title }) => title)).toEqual(Object.keys(CHECKS)))

  it.each(RECIPES)(
    '$title',
    async ({ title, script }) => {
      const answer = await run(script)
      await CHECKS[title]?.(answer as never, () => run(script) as Promise<never>)
    },
    60_000,
  )

  for (const block of OTHERS) {
    const why = left(block)
    it.skipIf(why)(
      `${block.page}, line ${block.line}${why ? ` (${why})` : ''}`,
      () => run(block.text),
      60_000,
    )
  }

  it('has all numbers of /metrics in the table about it', async () => {
    const { body } = await server.call('GET', '/metrics')
    const there = String(body).match(/(?<=^# TYPE )\S+/gm) ?? []
    const page = PAGES.find(({ file }) => file === 'docs/operate/monitoring.md')
    const named = page === undefined ? [] : namesBelow(page, '`/metrics` for Prometheus')
    expect(named.map((name) => name.replace(/\{.*/, '')).toSorted()).toEqual(
      // Here nobody made a backup.
      [...there, 'warder_backup_timestamp_seconds'].toSorted(),
    )
  })

  it('knows every call that a page names', async () => {
    const { paths } = (await server.call('GET', PATHS.openapi)).body as { paths: Record<string, object> }
    const key = (path: string) =>
      path
        .replace(API, '')
        .replaceAll(/\{\w+\}|\/[A-Z]+\b/g, '/:')
        .replaceAll('//', '/')
    const known = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${key(path)}`),
    )
    const named = PAGES.flatMap(({ spans }) => spans).flatMap(({ page, line, text }) => {
      const [, method, path = ''] = /^(GET|POST|PUT|PATCH|DELETE) (\/\S+)$/.exec(text) ?? []
      return method === undefined ? [] : [{ call: `${method} ${key(path)}`, at: `${page}:${line}: ${text}` }]
    })
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter(({ call }) => !known.includes(call))).toEqual([])
    const alone = PAGES.filter(({ file }) => file === 'docs/api.md').flatMap(({ spans }) =>
      spans.map(({ text }) => text).filter((text) => /^\/[a-z{}A-Z/]+$/.test(text)),
    )
    const strays = alone.filter((path) => !known.some((call) => call.endsWith(` ${key(path)}`)))
    const asked = strays.map(async (path) => [path, (await server.call('GET', path)).status] as const)
    expect((await Promise.all(asked)).filter(([, status]) => status === 404)).toEqual([])
  })
})

// Takes the ten recipes out of docs/api.md as they are and runs them with a real shell and curl, in their order, against a
// real server that a real agent is linked to.
import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { PATHS } from '@warder/protocol/paths'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../packages/daemon/src/index.ts'
import { AgentLab } from '../../apps/agent/src/lab.ts'
import { startLab, type Lab } from '../../apps/server/src/lab/server.ts'

const PAGE = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8')
const SECTION = /\n## Ten recipes\n([\s\S]*?)\n## /.exec(PAGE)?.[1] ?? ''
const RECIPES = [...SECTION.matchAll(/\n### \d+\. (.+)\n[\s\S]*?```sh\n([\s\S]*?)```/g)].map(
  ([, title = '', script = '']) => ({ title, script }),
)

const WAIT = { timeout: 20_000, interval: 50 }

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.skipIf(!hasCurl())('the recipes of docs/api.md (need curl)', () => {
  let server: Lab
  let agent: AgentLab
  let env: NodeJS.ProcessEnv
  beforeAll(async () => {
    server = await startLab({ clock: new ManualClock(Date.now()) })
    agent = await AgentLab.open()
    const link = { server: server.url.replace('http', 'ws'), join: server.server.createJoin(15) }
    await agent.start(agent.config(link))
    const secret = (await server.as('POST', PATHS.tokens, { name: 'recipes', scopes: ['admin'] })).body.secret
    env = { ...process.env, WARDER: `${server.url}/api/v1`, AUTH: `Authorization: Bearer ${secret}` }
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
    await server[Symbol.asyncDispose]()
  })

  const isBanned = (ip: string, expected: boolean) =>
    vi.waitFor(
      async () => expect((await agent.banned()).some((ban) => ban.endsWith(` ${ip}`))).toBe(expected),
      WAIT,
    )
  const run = async (script: string) => {
    // A lift is about bans from before it: both clocks must go on together.
    server.clock.advance(Date.now() - server.clock.now())
    const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', script], { env })
    const [last = ''] = stdout.trim().split('\n').slice(-1)
    return JSON.parse(last)
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

  it('are ten, and each has a check here', () =>
    expect(RECIPES.map(({ title }) => title)).toEqual(Object.keys(CHECKS)))

  it.each(RECIPES)(
    '$title',
    async ({ title, script }) => {
      const answer = await run(script)
      await CHECKS[title]?.(answer as never, () => run(script) as Promise<never>)
    },
    60_000,
  )
})

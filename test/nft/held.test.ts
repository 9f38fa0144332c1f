import { appendFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { whyNoNft } from '../../apps/agent/src/firewall/netns.ts'
import { Companion, run, until } from '../lab/command.ts'
import { inKernel } from '../lab/warder.ts'
import { Node1 } from './rig.ts'

const trouble = whyNoNft()
/** How often the agent is killed; each round takes about a second. */
const KILLS = Number(process.env['WARDER_KILLS'] ?? 30)
const SEED = Number(process.env['WARDER_SEED'] ?? 4)
const LIMIT_MS = 6_000

/** Numbers from 0 to 1 that are the same for the same seed. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const machineOf = (node: Node1) => ({
  name: node.namespace.name,
  address: '',
  on: (command: readonly string[]) => ['nsenter', `--net=/run/netns/${node.namespace.name}`, ...command],
})

async function start(node: Node1, limit = 20_000): Promise<Companion> {
  const agent = new Companion(node.command('run', '--config', `${node.folder}/agent.toml`))
  await until(
    'the agent',
    async () => (await node.ask('status').catch(() => null)) as object | null,
    limit,
  ).catch((err: Error) => {
    throw new Error(`${err.message}\n${agent.output}`)
  })
  return agent
}

const fail = (node: Node1, ip: string) => appendFileSync(node.log, `bad login from ${ip}\n`.repeat(3))

describe.skipIf(trouble)(`held by a real agent${trouble ? ` (${trouble})` : ''}`, () => {
  it('whatever others do to the table, within 6 s', async () => {
    await using node = new Node1('nftables')
    const agent = await start(node)
    const ips = ['198.51.100.1', '198.51.100.2']
    for (const ip of ips) fail(node, ip)
    const holds = async () =>
      JSON.stringify((await inKernel(machineOf(node))).toSorted()) === JSON.stringify(ips)
    await until('the bans', holds, 20_000)
    const nft = (script: string) => node.namespace.run('nft', script)
    const rules = () => node.namespace.run('nft', '-s', '-t', 'list', 'table', 'inet', 'warder')
    const before = rules()
    for (const foreign of [
      'flush ruleset',
      'delete table inet warder',
      'delete element inet warder v4-door { 198.51.100.1 }',
      'add element inet warder v4-door { 203.0.113.5 }',
      'flush set inet warder v4-door',
      'flush chain inet warder input',
      'insert rule inet warder input accept',
      'add element inet warder never-4 { 198.51.100.0/24 }',
    ]) {
      nft(foreign)
      const at = Date.now()
      const never = () => node.namespace.run('nft', 'list', 'set', 'inet', 'warder', 'never-4')
      const isWell = async () => (await holds()) && rules() === before && !never().includes('198.51')
      await until(`repair after: ${foreign}\n${agent.output}`, () => isWell().catch(() => false), LIMIT_MS)
      expect(Date.now() - at).toBeLessThan(LIMIT_MS)
    }
    await agent.end('SIGKILL')
  })

  it.each(['dry-run', 'ipset'])(
    'and no longer there once another firewall is chosen: %s',
    async (firewall) => {
      await using node = new Node1('nftables')
      const agent = await start(node)
      fail(node, '198.51.100.1')
      const holds = async () => (await inKernel(machineOf(node))).join() === '198.51.100.1'
      await until('the ban', holds, 20_000)
      await agent.end('SIGKILL')
      node.choose(firewall)
      const next = await start(node)
      await until(
        `the table to go\n${next.output}`,
        async () => !node.namespace.run('nft', 'list', 'tables').includes('inet warder'),
        LIMIT_MS,
      )
      const { bans } = (await node.ask('banned')) as { bans: { ip: string }[] }
      expect(bans.map(({ ip }) => ip)).toEqual(['198.51.100.1'])
      await next.end('SIGKILL')
      node.choose('nftables')
      const last = await start(node)
      await until(`the ban again\n${last.output}`, holds, 20_000)
      expect(node.namespace.run('sh', '-c', 'ipset list -n; iptables -S')).not.toMatch(/warder/i)
      await last.end('SIGKILL')
    },
  )

  it(
    `and by one that is killed ${KILLS} times`,
    async () => {
      await using node = new Node1('nftables')
      const next = random(SEED)
      let agent = await start(node)
      const wanted = new Set<string>()
      const check = async (round: number) => {
        const equal = async () => {
          const held = (await inKernel(machineOf(node))).toSorted()
          return JSON.stringify(held) === JSON.stringify([...wanted].toSorted())
        }
        await until(`enforced == wanted after ${round} kills\n${agent.output}`, equal, LIMIT_MS)
        const answer = (await node.ask('banned')) as { bans: { ip: string }[] }
        expect(answer.bans.map(({ ip }) => ip).toSorted()).toEqual([...wanted].toSorted())
      }
      for (let round = 0; round < KILLS; round++) {
        const ip = `198.18.${Math.floor(round / 200)}.${(round % 200) + 1}`
        // A log is written at any time: before the kill, and while nobody reads it.
        if (next() < 0.7) {
          fail(node, ip)
          wanted.add(ip)
        }
        await pause(next() * 250)
        await agent.end('SIGKILL')
        if (next() < 0.2) {
          const late = `198.19.0.${round + 1}`
          fail(node, late)
          wanted.add(late)
        }
        if (next() < 0.2)
          await run([
            'ip',
            'netns',
            'exec',
            node.namespace.name,
            'nft',
            next() < 0.5 ? 'flush ruleset' : 'add element inet warder v4-door { 203.0.113.77 }',
          ])
        agent = new Companion(node.command('run', '--config', `${node.folder}/agent.toml`))
        // Sometimes it dies before it has begun.
        await pause(next() * 900)
        if (round % 10 === 9 || round === KILLS - 1) {
          await until(
            'the agent',
            async () => (await node.ask('status').catch(() => null)) as object | null,
            20_000,
          )
          await check(round + 1)
        }
      }
      await agent.end('SIGKILL')
    },
    KILLS * 5_000 + 60_000,
  )
})

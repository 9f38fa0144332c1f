import { makeMatcher } from '@warder/core'
import {
  linesOf,
  makeRandom,
  makeWorld,
  SCRIPTS,
  timeline,
  toLogLine,
  type Attempt,
  type Outcome,
  type ServiceName,
  type WorldLine,
} from '@warder/simulator'
import { describe, expect, it } from 'vitest'
import { nodeConfiguration, nodePlan } from './node-plan.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const world = makeWorld({ seed: 1, nodes: 5 })
const upgraded = world.nodes[0]!
const old = world.nodes.at(-1)!

/** The addresses that the shipped filter of a jail finds in lines, in order. */
function found(jail: string, lines: readonly WorldLine[]): readonly string[] {
  const planned = nodePlan(world, upgraded).jails.find(({ jail: { definition } }) => definition.name === jail)
  const match = makeMatcher(planned!.jail.filter)
  return lines.flatMap((line) => match(toLogLine(line, NOW), NOW)?.ip ?? [])
}

const attempt = (change: Partial<Attempt>): Attempt => ({
  at: NOW,
  node: 'pve1',
  service: 'sshd',
  ip: '203.0.113.9',
  user: 'root',
  outcome: 'wrong-password',
  port: 4022,
  pid: 77,
  ...change,
})

describe('the shipped filters on what the simulated services write', () => {
  const USERS: Readonly<Record<ServiceName, readonly string[]>> = {
    sshd: ['root', 'we ird'],
    proxmox: ['root@pam', 'ben@pve'],
    warder: ['operator', 'a"b'],
  }
  const rows = (['sshd', 'proxmox', 'warder'] as const).flatMap((service) =>
    ['203.0.113.9', '2001:db8:5:6:7:8:9:a'].flatMap((ip) =>
      USERS[service].flatMap((user) =>
        (['wrong-password', 'unknown-user'] as const).map((outcome) => [service, outcome, user, ip] as const),
      ),
    ),
  )
  it.each(rows)('%s, %s, user %s from %s: counts against that address', (service, outcome, user, ip) => {
    // sshd says of a name that does not exist in two lines that it failed, and both count.
    const expected = service === 'sshd' && outcome === 'unknown-user' ? [ip, ip] : [ip]
    for (const node of service === 'sshd' ? [upgraded, old] : [upgraded])
      expect(found(service, linesOf(attempt({ service, outcome, user, ip }), node))).toEqual(expected)
  })

  const harmless: readonly (readonly [ServiceName, Outcome])[] = [
    ['sshd', 'accepted'],
    ['sshd', 'left'],
    ['proxmox', 'accepted'],
    ['proxmox', 'left'],
    ['warder', 'accepted'],
  ]
  it.each(harmless)('%s, %s: no failure', (service, outcome) => {
    expect(found(service, linesOf(attempt({ service, outcome, user: 'anna@pve' }), upgraded))).toEqual([])
  })

  it('find nothing in an hour of everyday lines', () => {
    const noise = SCRIPTS['quiet-day'](world, NOW).actors.filter((actor) => actor.lines)
    const lines = noise.flatMap(
      (actor) => actor.lines?.({ from: NOW, until: NOW + 3_600_000 }, makeRandom(actor.id)) ?? [],
    )
    expect(lines.length).toBeGreaterThan(500)
    for (const jail of ['sshd', 'proxmox', 'warder']) expect(found(jail, lines)).toEqual([])
  })

  it('find every failure of a storm', () => {
    const lines = [...timeline(world, SCRIPTS.storm(world, NOW), NOW)]
    const failed = lines.filter((line) =>
      /^(Failed password|Invalid user|authentication failure;)/.test(line.message),
    )
    const seen = ['sshd', 'proxmox'].flatMap((jail) =>
      found(
        jail,
        lines.filter((line) => line.service === jail),
      ),
    )
    expect(new Set(seen)).toEqual(new Set(failed.map((line) => line.from)))
    expect(seen.length).toBe(failed.length)
  })
})

describe('the configuration of simulated nodes', () => {
  it('has no problems, and the jails that fit each node', () => {
    for (const node of world.nodes) {
      const { problems, jails } = nodeConfiguration(world, node)
      expect(problems).toEqual([])
      const enabled = jails.filter((jail) => jail.settings.enabled).map((jail) => jail.name)
      expect(enabled).toEqual(expect.arrayContaining(['sshd', 'proxmox']))
      expect(enabled.includes('warder')).toBe(node === upgraded)
    }
  })
})

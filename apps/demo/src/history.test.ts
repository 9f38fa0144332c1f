import type { NodeEvent } from '@warder/core'
import { outboxEvent } from '@warder/protocol'
import { makeWorld } from '@warder/simulator'
import { describe, expect, it } from 'vitest'
import { makeHistory } from './history.ts'
import { nodePlan } from './node-plan.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const DAY = 86_400_000
const world = makeWorld({ seed: 1, nodes: 5 })
const plans = new Map(world.nodes.map((node) => [node.name, nodePlan(world, node)]))

describe('makeHistory', () => {
  const started = performance.now()
  const nodes = makeHistory({ world, plans, now: NOW, days: 30 })
  const took = performance.now() - started
  const events = nodes.flatMap((node) => node.events)
  const of = (kind: NodeEvent['kind']) => events.filter(({ event }) => event.kind === kind)

  it('makes a month of five nodes in little time', () => {
    expect(events.length).toBeGreaterThan(25_000)
    expect(events.length).toBeLessThan(80_000)
    expect(took).toBeLessThan(5_000)
  })

  it('makes events that an agent could send: numbered, in order, of their schema', () => {
    for (const node of nodes) {
      expect(node.events.map(({ seq }) => seq)).toEqual(node.events.map((_, i) => i + 1))
      const times = node.events.map(({ at }) => at)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(times[0]!).toBeGreaterThanOrEqual(NOW - 30 * DAY)
      expect(times.at(-1)!).toBeLessThanOrEqual(NOW)
    }
    expect(events.map((event) => outboxEvent.safeParse(event)).filter(({ success }) => !success)).toEqual([])
  })

  it('has bans with their evidence, ended and not, and lifts by operators', () => {
    const bans = of('ban.added').flatMap(({ event }) => (event.kind === 'ban.added' ? [event.ban] : []))
    expect(bans.length).toBeGreaterThan(2_000)
    expect(
      bans.every(
        (ban) => ban.ticket && ban.ticket.failures >= ban.ticket.maxretry && ban.ticket.lines.length > 0,
      ),
    ).toBe(true)
    expect(new Set(bans.map((ban) => ban.jail))).toEqual(new Set(['sshd', 'proxmox', 'warder']))
    expect(of('ban.expired').length).toBeGreaterThan(1_000)
    expect(of('ban.lifted').length).toBeGreaterThan(10)
    const open = nodes.flatMap((node) => node.bans)
    expect(open.length).toBeGreaterThan(10)
    expect(open.every((ban) => ban.until !== null && ban.until > NOW)).toBe(true)
  })

  it('is the same for the same seed and time', () => {
    expect(makeHistory({ world, plans, now: NOW, days: 2 })).toEqual(
      makeHistory({ world, plans, now: NOW, days: 2 }),
    )
  })
})

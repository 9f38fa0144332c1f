import { describe, expect, it } from 'vitest'
import type { Effect } from '../engine/effect.ts'
import { makeEngine, type Engine } from '../engine/engine.ts'
import type { Plan } from '../engine/input.ts'
import { failedLogin, MINUTE, NOW, planned } from '../engine/stage.ts'
import type { NeverReason } from '../jail/never.ts'
import type { Denied } from './denied.ts'

const on = (ip: string, until: number | null = null, list = 'scanners'): Denied => ({ ip, until, list })

/** Who is never banned, by the reason. */
type Never = Partial<Record<NeverReason, readonly string[]>>

const REASONS = [
  'own-address',
  'cluster-member',
  'server',
  'local-network',
  'allowlist',
  'operator',
  'ignoreip',
] as const

const plan = (denied: readonly Denied[], never: Never = {}): Plan => ({
  jails: [planned()],
  never: { groups: REASONS.map((reason) => ({ reason, targets: never[reason] ?? [] })) },
  denied,
})

/** What a plan changes of what lists name, and what is refused of them, in words. */
const words = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => {
    if (effect.kind === 'enforce') return [`+ ${effect.ban.ip}`]
    if (effect.kind === 'release') return [`- ${effect.ip}`]
    if (effect.kind !== 'record' || effect.event.kind !== 'ban.refused') return []
    return [`refused ${effect.event.ip} ${effect.event.reason}`]
  })

const follow = (engine: Engine, next: Plan, now = NOW): readonly string[] =>
  words(engine.step({ kind: 'plan', plan: next }, now)).toSorted()

describe('what deny lists name', () => {
  it('is enforced, and only what changes of it is changed', () => {
    const engine = makeEngine()
    expect(follow(engine, plan([on('192.0.2.1'), on('198.51.100.0/24')]))).toEqual([
      '+ 192.0.2.1',
      '+ 198.51.100.0/24',
    ])
    expect(follow(engine, plan([on('192.0.2.1'), on('198.51.100.0/24')]))).toEqual([])
    expect(follow(engine, plan([on('192.0.2.1'), on('2001:db8::/32')]))).toEqual([
      '+ 2001:db8::/32',
      '- 198.51.100.0/24',
    ])
    expect(follow(engine, plan([]))).toEqual(['- 192.0.2.1', '- 2001:db8::/32'])
    expect(engine.bans()).toEqual([])
  })

  it('is a ban of its own jail, told by nobody and counted by no other', () => {
    const engine = makeEngine()
    const effects = engine.step({ kind: 'plan', plan: plan([on('192.0.2.1')]) }, NOW)
    expect(effects.map(({ kind }) => kind)).toEqual(['enforce', 'record'])
    expect(engine.bans()).toEqual([
      { jail: 'blocklist', ip: '192.0.2.1', at: NOW, until: null, origin: 'list', by: 'scanners' },
    ])
    expect(engine.view().lists).toEqual({ denied: 1, refused: 0 })
  })

  it('ends by itself, silently, and is not enforced again', () => {
    const engine = makeEngine()
    const entries = [on('192.0.2.1', NOW + MINUTE), on('198.51.100.0/24', NOW + MINUTE), on('192.0.2.9', NOW)]
    expect(follow(engine, plan(entries))).toEqual(['+ 192.0.2.1', '+ 198.51.100.0/24'])
    expect(engine.nextExpiry()).toBe(NOW + MINUTE)
    expect(engine.step({ kind: 'tick' }, NOW + MINUTE)).toEqual([
      { kind: 'release', jail: 'blocklist', ip: '198.51.100.0/24' },
    ])
    expect(follow(engine, plan([...entries]), NOW + 2 * MINUTE)).toEqual([])
  })

  it('of two lists holds as long as the one that ends last', () => {
    const engine = makeEngine()
    follow(engine, plan([on('192.0.2.1', NOW + MINUTE, 'a'), on('192.0.2.1', null, 'b')]))
    expect(engine.bans()).toMatchObject([{ until: null, by: 'b' }])
    expect(follow(engine, plan([on('192.0.2.1', NOW + MINUTE, 'a')]))).toEqual(['+ 192.0.2.1'])
    expect(engine.bans()).toMatchObject([{ until: NOW + MINUTE, by: 'a' }])
  })

  it.each<[string, Never, string]>([
    ['192.0.2.1', { 'own-address': ['192.0.2.1'] }, 'own-address'],
    ['192.0.2.0/24', { 'own-address': ['192.0.2.1'] }, 'own-address'],
    ['192.0.2.1', { allowlist: ['192.0.2.0/24'] }, 'allowlist'],
    ['192.0.0.0/16', { allowlist: ['192.0.2.0/24'] }, 'allowlist'],
    ['2001:db8::/32', { operator: ['2001:db8::5'] }, 'operator'],
    ['10.0.0.0/8', { 'local-network': ['10.0.0.0/16'] }, 'local-network'],
    ['10.0.2.0/24', { 'local-network': ['10.0.0.0/16'] }, 'local-network'],
    ['127.0.0.1', {}, 'loopback'],
    ['0.0.0.0/1', {}, 'loopback'],
    ['192.0.2.1', { ignoreip: ['192.0.2.1'] }, 'ignoreip'],
  ])('%s is refused where %j holds', (ip, never, reason) => {
    const engine = makeEngine()
    const entries = [on(ip), on('203.0.113.7')]
    expect(follow(engine, plan(entries, never))).toEqual(['+ 203.0.113.7', `refused ${ip} ${reason}`])
    expect(engine.view().lists).toEqual({ denied: 1, refused: 1 })
    // Told once, and enforced once the reason is gone.
    expect(follow(engine, plan([...entries], never))).toEqual([])
    expect(engine.step({ kind: 'plan', plan: plan(entries) }, NOW).map(({ kind }) => kind)).toEqual(
      ip === '127.0.0.1' || ip === '0.0.0.0/1' ? [] : ['enforce'],
    )
  })

  it('is let go when it is allowed, with every other ban of it', () => {
    const engine = makeEngine()
    follow(engine, plan([on('192.0.2.1')]))
    for (let times = 0; times < 2; times++) engine.step(failedLogin('192.0.2.1'), NOW)
    expect(engine.bans()).toHaveLength(2)
    const effects = engine.step(
      { kind: 'plan', plan: plan([on('192.0.2.1')], { allowlist: ['192.0.2.1'] }) },
      NOW,
    )
    expect(effects.map(({ kind }) => kind)).toEqual(['lift', 'release', 'record'])
    expect(engine.bans()).toEqual([])
    engine.step(failedLogin('192.0.2.1'), NOW)
    engine.step(failedLogin('192.0.2.1'), NOW)
    expect(engine.bans()).toEqual([])
  })

  it('stays when somebody lifts everything', () => {
    const engine = makeEngine()
    follow(engine, plan([on('192.0.2.1')]))
    const lift = { kind: 'lift', id: 'o1', ip: null, jail: null, by: 'anna', issuedAt: NOW } as const
    expect(engine.step({ kind: 'order', order: lift }, NOW)).toEqual([
      { kind: 'record', event: { kind: 'order.finished', order: 'o1', changed: 0 } },
    ])
    expect(engine.bans()).toHaveLength(1)
  })

  it('may be a hundred thousand subnets beside ten thousand that are allowed', () => {
    const denied = Array.from({ length: 100_000 }, (_, at) =>
      on(`${11 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.0/24`),
    )
    const allowlist = Array.from({ length: 10_000 }, (_, at) => `11.${at >> 8}.${at & 255}.7`)
    const engine = makeEngine()
    const before = performance.now()
    engine.step({ kind: 'plan', plan: plan(denied, { allowlist }) }, NOW)
    expect(performance.now() - before).toBeLessThan(10_000)
    expect(engine.view().lists).toEqual({ denied: 90_000, refused: 10_000 })
  })
})

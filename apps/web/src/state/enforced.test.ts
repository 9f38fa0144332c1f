import { describe, expect, it } from 'vitest'
import { banViewSample, nodeSample, NOW } from '../sample/sample.ts'
import { droppedOn, holdings, holdOf, holdWords, nodeHoldWords } from './enforced.ts'

const asked = (missing: readonly string[] = []) => ({
  checkedAt: NOW + 9_000,
  comparedAt: NOW + 9_000,
  jails: [
    { jail: 'sshd', wanted: 2, enforced: 2 - missing.length, missing: [...missing], dropped: 1_200 },
    { jail: 'manual', wanted: 0, enforced: 0, missing: [], dropped: 3 },
  ],
})
const ban = banViewSample(1)
const OFF = { backend: 'dry-run', enforcing: false, reason: 'as configured' } as const

describe('how a ban stands', () => {
  it.each([
    ['held', nodeSample('pve1', { enforcement: asked() })],
    ['missing', nodeSample('pve1', { enforcement: asked([ban.ip]) })],
    ['off', nodeSample('pve1', { enforcement: asked(), firewall: OFF })],
    ['unknown', nodeSample('pve1')],
    ['unknown', nodeSample('pve1', { enforcement: asked(), state: 'offline' })],
    ['unknown', nodeSample('pve2', { enforcement: asked() })],
  ] as const)('%s', (hold, node) => {
    expect(holdOf(ban, [node])).toBe(hold)
  })

  it('counts nodes, and shows the worst', () => {
    const bans = ['pve1', 'pve2', 'pve3'].map((node, i) => banViewSample(i, { node }))
    const all = ['pve1', 'pve2', 'pve3'].map((name) => nodeSample(name, { enforcement: asked() }))
    expect(holdWords(bans, all)).toMatchObject({ mark: 'good', word: 'enforced on 3 of 3 nodes' })
    const but = all.with(1, nodeSample('pve2', { enforcement: asked([ban.ip]) }))
    expect(holdWords(bans, but)).toMatchObject({ mark: 'problem', word: 'enforced on 2 of 3 nodes' })
    expect(holdWords([ban], [])).toMatchObject({ mark: 'waiting', word: 'enforced on 0 of 1 node' })
  })

  it('sums up a node', () => {
    expect(nodeHoldWords(nodeSample('pve1', { enforcement: asked() }))?.word).toBe('holds 2 of 2 bans')
    const short = nodeHoldWords(nodeSample('pve1', { enforcement: asked(['192.0.2.9']) }))
    expect(short).toMatchObject({ mark: 'problem', word: 'holds 1 of 2 bans' })
    const away = nodeHoldWords(nodeSample('pve1', { enforcement: asked(), state: 'offline' }))
    expect(away).toMatchObject({ mark: 'off', word: 'holds 2 of 2 bans' })
    expect(nodeHoldWords(nodeSample('pve1'))).toBeNull()
  })

  it('sums up blocked packets', () => {
    const node = nodeSample('pve1', { enforcement: asked() })
    expect(holdings(node)?.dropped).toBe(1_203)
    expect([droppedOn(node, 'sshd'), droppedOn(node, 'x')]).toEqual([1_200, 0])
    expect(droppedOn(nodeSample('pve1'), 'sshd')).toBeNull()
  })
})

describe('what the firewall of a node holds', () => {
  it('is not known before it was asked', () => expect(holdings(nodeSample('pve1'))).toBeNull())

  it('is the sum of all jails, with what is missing by name', () => {
    const enforcement = {
      checkedAt: NOW,
      comparedAt: NOW - 1_000,
      jails: [
        { jail: 'sshd', wanted: 3, enforced: 2, missing: ['203.0.113.9'], dropped: 40 },
        { jail: 'proxmox', wanted: 1, enforced: 1, missing: [], dropped: 2 },
      ],
    }
    expect(holdings(nodeSample('pve1', { enforcement }))).toEqual({
      wanted: 4,
      enforced: 3,
      dropped: 42,
      checkedAt: NOW,
      missing: [{ jail: 'sshd', ip: '203.0.113.9' }],
    })
  })
})

import { describe, expect, it } from 'vitest'
import { banViewSample, jailSample, NOW } from '../sample/sample.ts'
import { rebanOrders, settingsUndo } from './undo.ts'

describe('rebanOrders', () => {
  it('puts nodes with the same end together, for the time that is left', () => {
    const bans = [
      banViewSample(1),
      banViewSample(2, { node: 'pve2' }),
      banViewSample(3, { node: 'pve3', until: null }),
    ]
    expect(rebanOrders(bans, NOW + 600_000)).toMatchObject([
      { ip: '203.0.113.9', jail: 'sshd', nodes: ['pve1', 'pve2'], bantime: 3_000 },
      { ip: '203.0.113.9', jail: 'sshd', nodes: ['pve3'], bantime: -1 },
    ])
  })

  it('names no jail for a ban that had none', () => {
    expect(rebanOrders([banViewSample(1, { jail: 'manual' })], NOW)[0]).not.toHaveProperty('jail')
  })

  it('leaves alone what would be over', () => {
    expect(rebanOrders([banViewSample(1, { until: NOW })], NOW)).toEqual([])
  })

  it('keeps the reason of an operator, also when it is taken back again and again', () => {
    const own = { origin: 'operator', by: 'ada' } as const
    expect(rebanOrders([banViewSample(1, { ...own, reason: 'scanner' })], NOW)[0]?.reason).toBe('scanner')
    expect(rebanOrders([banViewSample(1, { ...own })], NOW)[0]).not.toHaveProperty('reason')
    expect(rebanOrders([banViewSample(1, { why: '5 failed logins, seen on pve1' })], NOW)[0]?.reason).toBe(
      'Unban taken back. Banned before: 5 failed logins',
    )
  })

  it('keeps the reason within what the API takes', () => {
    expect(rebanOrders([banViewSample(1, { why: 'x'.repeat(900) })], NOW)[0]?.reason).toHaveLength(500)
  })
})

describe('settingsUndo', () => {
  const layers = {
    enabled: 'configured',
    maxretry: 'configured',
    findtime: 'configured',
    bantime: 'configured',
    policy: 'configured',
  } as const
  const jails = [
    jailSample('pve1', 'sshd', {
      wanted: { enabled: true, maxretry: 3, findtime: 600, bantime: 60 },
      layers: { ...layers, maxretry: 'node' },
    }),
    jailSample('pve2', 'sshd', {
      wanted: { enabled: true, maxretry: 4, findtime: 600, bantime: 90 },
      layers: { ...layers, maxretry: 'fleet' },
    }),
  ]

  it('goes back to the value that the layer had', () => {
    expect(settingsUndo(jails, { kind: 'node', node: 'pve1' }, ['maxretry'])).toEqual({ maxretry: 3 })
    expect(settingsUndo(jails, { kind: 'fleet' }, ['maxretry'])).toEqual({ maxretry: 4 })
  })

  it('goes back to nothing where the layer had none', () => {
    expect(settingsUndo(jails, { kind: 'node', node: 'pve2' }, ['maxretry', 'bantime'])).toEqual({
      maxretry: null,
      bantime: null,
    })
    expect(settingsUndo(jails, { kind: 'fleet' }, ['enabled'])).toEqual({ enabled: null })
  })
})

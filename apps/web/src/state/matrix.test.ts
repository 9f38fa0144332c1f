import { describe, expect, it } from 'vitest'
import { jailSample } from '../sample/sample.ts'
import { differs, fleetValue, layerWords, matrixOf } from './matrix.ts'

const set = { enabled: true, maxretry: 5, findtime: 600, bantime: 3_600 }
const layers = {
  enabled: 'configured',
  maxretry: 'configured',
  findtime: 'configured',
  bantime: 'configured',
  policy: 'configured',
} as const

describe('matrixOf', () => {
  it('has a row for each jail, those in use first, and a cell where a node has it', () => {
    const off = { ...set, enabled: false }
    const rows = matrixOf([
      jailSample('pve1', 'apache', { state: 'disabled', wanted: off }),
      jailSample('pve1', 'sshd'),
      jailSample('pve2', 'sshd'),
      jailSample('pve2', 'broken', { state: 'failed', wanted: off }),
    ])
    expect(rows.map((row) => row.jail)).toEqual(['broken', 'sshd', 'apache'])
    expect([...(rows[1]?.cells.keys() ?? [])]).toEqual(['pve1', 'pve2'])
  })
})

describe('fleetValue', () => {
  it('is what was set for all nodes, also where a node has its own', () => {
    const jails = [
      jailSample('pve1', 'sshd', {
        wanted: { ...set, maxretry: 9 },
        layers: { ...layers, maxretry: 'node' },
      }),
      jailSample('pve2', 'sshd', {
        wanted: { ...set, maxretry: 3 },
        layers: { ...layers, maxretry: 'fleet' },
      }),
    ]
    expect(fleetValue(jails, 'maxretry')).toEqual({ kind: 'set', value: 3 })
    const [row] = matrixOf(jails)
    expect(jails.map((jail) => row && differs(row, jail, 'maxretry'))).toEqual([true, false])
  })

  it('is what all files say, or that they differ', () => {
    const same = [jailSample('pve1', 'sshd'), jailSample('pve2', 'sshd')]
    expect(fleetValue(same, 'bantime')).toEqual({ kind: 'same', value: 3_600 })
    const other = jailSample('pve2', 'sshd', { configured: { ...set, bantime: 60 } })
    expect(fleetValue([...same, other], 'bantime')).toEqual({ kind: 'varies', values: [3_600, 60] })
  })
})

describe('layerWords', () => {
  it.each([
    ['configured', "from pve1's own files"],
    ['fleet', 'set for all nodes'],
    ['cluster', 'set for its cluster'],
    ['node', 'set for pve1 only'],
  ] as const)('%s: %s', (layer, words) => {
    expect(
      layerWords(jailSample('pve1', 'sshd', { layers: { ...layers, findtime: layer } }), 'findtime'),
    ).toBe(words)
  })
})

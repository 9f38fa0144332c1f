import { describe, expect, it } from 'vitest'
import { namesFor, nodeName } from './name.ts'

describe('names of nodes', () => {
  it.each([
    ['pve1', 'pve1'],
    ['PVE1.example.com', 'pve1'],
    ['my node!', 'my-node'],
    ['192.0.2.1', '192-0-2-1'],
    ['--x--', 'x'],
    ['ünïcode', 'n-code'],
    ['<script>', 'script'],
    ['..', 'node'],
    ['x'.repeat(64), 'x'.repeat(48)],
  ])('%s becomes %s', (wish, name) => expect(nodeName(wish)).toBe(name))

  it('are tried with a number behind them', () => {
    const names = namesFor('pve1')
    expect([names.next().value, names.next().value, names.next().value]).toEqual(['pve1', 'pve1-2', 'pve1-3'])
  })
})

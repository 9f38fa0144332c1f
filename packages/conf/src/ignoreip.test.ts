import { describe, expect, it } from 'vitest'
import { splitIgnoreip } from './ignoreip.ts'

describe('ignoreip', () => {
  it.each([
    ['192.0.2.1, 2001:db8::/32', ['192.0.2.1', '2001:db8::/32'], [], []],
    ['home.example localhost', [], ['home.example', 'localhost'], []],
    ['192.0.2.300 192.0.2.0/99', [], [], ['192.0.2.300', '192.0.2.0/99']],
    ['-x.example a..b $(id) file:/etc/list', [], [], ['-x.example', 'a..b', '$(id)', 'file:/etc/list']],
    ['', [], [], []],
  ])('%s', (text, ignoreip, ignorehosts, foreign) => {
    expect(splitIgnoreip(text)).toEqual({ ignoreip, ignorehosts, foreign })
  })
})

import { describe, expect, it } from 'vitest'
import { splitIgnoreip } from './ignoreip.ts'

describe('ignoreip', () => {
  it.each([
    ['192.0.2.1, 2001:db8::/32', ['192.0.2.1', '2001:db8::/32'], [], []],
    ['home.example localhost', [], ['home.example', 'localhost'], []],
    ['192.0.2.300 192.0.2.0/255.0.255.0', [], [], ['192.0.2.300', '192.0.2.0/255.0.255.0']],
    ['192.0.2.77/255.255.255.0 [::1] 192.0.2.9/99', ['192.0.2.0/24', '::1', '192.0.2.9'], [], []],
    ['192.0.2.77/024 2001:db8::1/ffff:ffff::', ['192.0.2.0/24', '2001:db8::/32'], [], []],
    ['-x.example a..b $(id) file:/etc/list', [], [], ['-x.example', 'a..b', '$(id)', 'file:/etc/list']],
    ['', [], [], []],
  ])('%s', (text, ignoreip, ignorehosts, foreign) => {
    expect(splitIgnoreip(text)).toEqual({ ignoreip, ignorehosts, foreign })
  })
})

import { describe, expect, it } from 'vitest'
import { splitIgnoreFile, splitIgnoreip } from './ignoreip.ts'

describe('ignoreip', () => {
  it.each([
    ['192.0.2.1, 2001:db8::/32', ['192.0.2.1', '2001:db8::/32'], [], [], []],
    ['home.example localhost', [], ['home.example', 'localhost'], [], []],
    ['192.0.2.300 192.0.2.0/99', [], [], [], ['192.0.2.300', '192.0.2.0/99']],
    ['-x.example a..b $(id)', [], [], [], ['-x.example', 'a..b', '$(id)']],
    ['file:/etc/list,192.0.2.1 file:list', ['192.0.2.1'], [], ['/etc/list'], ['file:list']],
    ['', [], [], [], []],
  ])('%s', (text, ignoreip, ignorehosts, ignorefiles, foreign) => {
    expect(splitIgnoreip(text)).toEqual({ ignoreip, ignorehosts, ignorefiles, foreign })
  })

  it('in a file, with remarks', () => {
    const text = '# friends\n192.0.2.1 192.0.2.2 # two\n\nhome.example ; one\n;198.51.100.1\n'
    expect(splitIgnoreFile(text)).toMatchObject({
      ignoreip: ['192.0.2.1', '192.0.2.2'],
      ignorehosts: ['home.example'],
      foreign: [],
    })
  })
})

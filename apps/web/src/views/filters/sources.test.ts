import { describe, expect, it } from 'vitest'
import { jailSample } from '../../sample/sample.ts'
import { sourcesOf } from './sources.ts'

const jails = [
  jailSample('pve1', 'sshd'),
  jailSample('pve1', 'shop', { sources: ['/var/log/a.log', '/var/log/b.log'] }),
  jailSample('pve1', 'proxmox'),
  jailSample('pve1', 'off', { state: 'disabled', sources: [] }),
]

describe('sourcesOf', () => {
  it('offers what the jails read, those of the picked filter first, and the whole journal last', () => {
    expect(sourcesOf(jails, ['shop']).map(({ id, jail }) => [id, jail])).toEqual([
      ['/var/log/a.log', null],
      ['/var/log/b.log', null],
      ['journal', 'sshd'],
      ['journal', 'proxmox'],
      ['journal', null],
    ])
  })

  it('offers nothing twice, and nothing where nothing is read', () => {
    const twice = [jailSample('a', 'x', { sources: ['/l'] }), jailSample('a', 'y', { sources: ['/l'] })]
    expect(sourcesOf(twice, []).map(({ value }) => value)).toEqual(['/l'])
    expect(sourcesOf([], [])).toEqual([])
  })
})

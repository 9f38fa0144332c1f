import { describe, expect, it } from 'vitest'
import { nameOf, readHosts } from './hosts.ts'

describe('hosts as somebody types them', () => {
  it.each([
    ['192.0.2.11', ['192.0.2.11']],
    ['pve1, pve2\npve3  pve3', ['pve1', 'pve2', 'pve3']],
    ['pve1:2222', ['pve1:2222']],
    ['2001:db8::1', ['2001:db8::1']],
    ['[2001:db8::1]:2222', ['[2001:db8::1]:2222']],
    ['[2001:db8::1]', ['2001:db8::1']],
    ['', []],
  ])('%j: %j', (text, names) => {
    const read = readHosts(text, 22)
    expect(read.targets.map(nameOf)).toEqual(names)
    expect(read.bad).toEqual([])
  })

  it.each([['-oProxyCommand=x'], ['root@pve1'], ['pve1:0'], ['pve1:99999'], ['$(reboot)'], ['http://pve1']])(
    'takes no %s',
    (word) => expect(readHosts(word, 22)).toEqual({ targets: [], bad: [word] }),
  )

  it('uses the port beside the field where none is said', () => {
    expect(readHosts('pve1 pve2:22', 2222).targets.map(nameOf)).toEqual(['pve1:2222', 'pve2'])
  })
})

import { describe, expect, it } from 'vitest'
import type { WorldLine } from '@warder/simulator'
import { makeFence } from './fence.ts'

const line = (from: string | null, service: WorldLine['service']): WorldLine => ({
  at: 0,
  node: 'pve1',
  from,
  service,
  file: null,
  identifier: 'x',
  pid: 1,
  uid: 0,
  comm: 'x',
  unit: 'x.service',
  priority: 6,
  message: '',
})

describe('makeFence', () => {
  const isOutside = makeFence([
    { jail: 'sshd', ip: '203.0.113.9', until: null },
    { jail: 'manual', ip: '198.51.100.0/24', until: null },
    { jail: 'proxmox', ip: '2001:db8::1', until: 5 },
  ])

  it.each<[string, string | null, WorldLine['service'], boolean]>([
    ['a banned address at the jail’s service', '203.0.113.9', 'sshd', true],
    ['a banned address at another service', '203.0.113.9', 'proxmox', false],
    ['an address in a subnet that every port is closed to', '198.51.100.77', 'warder', true],
    ['a banned IPv6 address', '2001:db8::1', 'proxmox', true],
    ['an address that is not banned', '203.0.113.10', 'sshd', false],
    ['a line of the machine itself', null, null, false],
  ])('%s', (_, from, service, outside) => {
    expect(isOutside(line(from, service))).toBe(outside)
  })
})

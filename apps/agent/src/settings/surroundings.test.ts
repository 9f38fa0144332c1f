import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@warder/daemon'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toAgentConfig } from '../config/load.ts'
import { attachedNetworks, ownAddresses, type Interfaces } from './interfaces.ts'
import { Lookout } from './surroundings.ts'

const MEMBERS = JSON.stringify({
  cluster: { name: 'vault' },
  nodelist: { pve1: { ip: '192.0.2.1' }, pve2: { ip: '192.0.2.2' } },
})
const COROSYNC =
  'nodelist {\n  node {\n    name: pve2\n    ring0_addr: 192.0.2.2\n    ring1_addr: localhost\n  }\n}\n'

describe('what a node has around it', () => {
  let folder = ''
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'warder-pve-'))))
  afterEach(() => rm(folder, { recursive: true }))
  const write = (name: string, text: string) => writeFile(join(folder, name), text)

  it('are its addresses, the cluster with host names of its rings, the server and the proxies', async () => {
    await write('.members', MEMBERS)
    await write('corosync.conf', COROSYNC)
    const config = toAgentConfig({
      pve_dir: folder,
      server: 'wss://[2001:db8::5]:8008',
      proxies: ['203.0.113.0/24', 'localhost'],
    })
    const around = await new Lookout(config, systemClock).look()
    expect(around.own).toContainEqual({ target: '127.0.0.1', of: 'lo' })
    expect(around.members.slice(0, 4)).toEqual([
      { target: '192.0.2.1', of: 'pve1' },
      { target: '192.0.2.2', of: 'pve2' },
      { target: '192.0.2.2', of: 'pve2' },
      { target: expect.stringMatching(/^(?:127\.0\.0\.1|::1)$/), of: 'pve2' },
    ])
    expect(around.server).toEqual([{ target: '2001:db8::5' }])
    expect(around.proxies[0]).toEqual({ target: '203.0.113.0/24' })
    expect(around.proxies[1]).toMatchObject({ of: 'localhost' })
    expect(around.cluster).toBe('vault')
    const named = await new Lookout({ ...config, cluster: 'named' }, systemClock).look()
    expect(named.cluster).toBe('named')
  })

  it('is looked at anew each time', async () => {
    const lookout = new Lookout(toAgentConfig({ pve_dir: folder }), systemClock)
    expect((await lookout.look()).members).toEqual([])
    await write('.members', MEMBERS)
    expect((await lookout.look()).members).toHaveLength(2)
  })
})

const info = (address: string, cidr: string | null, internal = false) =>
  ({
    address,
    cidr,
    internal,
    netmask: '',
    mac: '',
    family: address.includes(':') ? 'IPv6' : 'IPv4',
  }) as never
const INTERFACES: Interfaces = {
  lo: [info('127.0.0.1', '127.0.0.1/8', true), info('::1', '::1/128', true)],
  vmbr0: [
    info('192.0.2.7', '192.0.2.7/24'),
    info('2001:db8:1:2::7', '2001:db8:1:2::7/64'),
    info('fe80::7', 'fe80::7/64'),
  ],
  wg0: [info('10.8.0.1', '10.8.0.1/32')],
  odd: [info('198.51.100.1', '198.51.100.1/0'), info('198.51.100.2', null)],
  gone: [],
}

describe('the interfaces of a node', () => {
  it('have its own addresses', () => {
    expect(ownAddresses(INTERFACES).map(({ target, of }) => `${target} ${of}`)).toEqual([
      '127.0.0.1 lo',
      '::1 lo',
      '192.0.2.7 vmbr0',
      '2001:db8:1:2::7 vmbr0',
      'fe80::7 vmbr0',
      '10.8.0.1 wg0',
      '198.51.100.1 odd',
      '198.51.100.2 odd',
    ])
  })

  it('attach it to networks, but not to all there is', () => {
    expect(attachedNetworks(INTERFACES)).toEqual([
      { target: '192.0.2.0/24', of: 'vmbr0' },
      { target: '2001:db8:1:2::/64', of: 'vmbr0' },
      { target: 'fe80::/64', of: 'vmbr0' },
    ])
  })
})

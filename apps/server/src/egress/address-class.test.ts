import { describe, expect, it } from 'vitest'
import { classOf } from './address-class.ts'
import { admit, readAllowed } from './guard.ts'

describe('an address', () => {
  it.each([
    ['1.1.1.1', 'public'],
    ['9.255.255.255', 'public'],
    ['10.0.0.1', 'private'],
    ['172.15.0.1', 'public'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.63.255.255', 'public'],
    ['100.64.0.1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['0.0.0.0', 'special'],
    ['192.0.2.1', 'special'],
    ['198.18.0.1', 'special'],
    ['224.0.0.1', 'special'],
    ['255.255.255.255', 'special'],
    ['2606:4700::1111', 'public'],
    ['::1', 'loopback'],
    ['::', 'special'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['::ffff:10.0.0.1', 'private'],
    ['::127.0.0.1', 'special'],
    ['64:ff9b::a00:1', 'special'],
    ['2002:7f00:1::', 'special'],
    ['2001:0:1::1', 'special'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['fd00::1', 'private'],
    ['fd00:ec2::254', 'link-local'],
    ['ff02::1', 'special'],
    ['localhost', null],
    ['', null],
  ])('%s is %s', (address, is) => {
    expect(classOf(address)).toBe(is)
  })
})

describe('the guard', () => {
  const refused = (entry: string) => ({
    ok: false,
    remedy: expect.stringContaining(`add "${entry}" to private_hosts`),
  })
  it.each([
    ['example.org', ['1.1.1.1'], [], { ok: true, addresses: ['1.1.1.1'] }],
    ['example.org', ['10.0.0.1', '1.1.1.1'], [], { ok: true, addresses: ['1.1.1.1'] }],
    ['ntfy.lan', ['10.0.0.1'], [], refused('ntfy.lan')],
    ['ntfy.lan', ['10.0.0.1'], ['NTFY.lan.'], { ok: true, addresses: ['10.0.0.1'] }],
    ['ntfy.lan', ['10.0.0.1'], ['10.0.0.0/24'], { ok: true, addresses: ['10.0.0.1'] }],
    ['ntfy.lan', ['10.0.1.1'], ['10.0.0.0/24'], refused('ntfy.lan')],
    ['[::1]', ['::1'], [], refused('::1')],
    ['[::1]', ['::1'], ['::1'], { ok: true, addresses: ['::1'] }],
    ['meta.lan', ['169.254.169.254'], ['meta.lan'], refused('169.254.169.254')],
    ['meta.lan', ['169.254.169.254'], ['169.254.169.254'], { ok: true, addresses: ['169.254.169.254'] }],
  ] as const)('asked for %s, which is %j, allowing %j', (host, found, hosts, admission) => {
    expect(admit(host, found, { allowed: readAllowed(hosts) })).toMatchObject(admission)
  })
  it('lets mail into private networks, and not to metadata', () => {
    const allowed = readAllowed([])
    expect(admit('mail.lan', ['127.0.0.1'], { allowed, alsoPrivate: true }).ok).toBe(true)
    expect(admit('mail.lan', ['169.254.169.254'], { allowed, alsoPrivate: true }).ok).toBe(false)
  })
})

import { readConfiguration, formatProblem } from '@warder/conf'
import { compileJail, formatPorts, makeMatcher } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { shippedFiles, shippedJails, shippedNames } from './shipped.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const shipped = { name: 'shipped', files: shippedFiles() }

describe('the shipped configuration', () => {
  const { jails, problems } = readConfiguration([shipped])

  it('has no problems', () => {
    expect(problems.map(formatProblem)).toEqual([])
  })

  it.each([
    ['sshd', true, 'tcp 22', '/var/log/auth.log'],
    ['proxmox', true, 'tcp 8006', '/var/log/syslog'],
    ['warder', true, 'tcp 8008', '/var/log/warder/auth.log'],
    ['proxmox-access', false, 'tcp 8006', '/var/log/pveproxy/access.log'],
    ['proxmox-backup', false, 'tcp 8007', '/var/log/proxmox-backup/api/auth.log'],
    ['proxmox-mail', false, 'tcp 8006', '/var/log/syslog'],
    ['proxmox-datacenter', false, 'tcp 8443', '/var/log/proxmox-datacenter-manager/api/auth.log'],
  ])('%s: enabled %s, %s, %s', (name, enabled, ports, logpath) => {
    const jail = jails.find((one) => one.name === name)
    expect(jail?.settings).toEqual({ enabled, maxretry: 5, findtime: 600, bantime: 3600 })
    expect(jail && formatPorts(jail.ports)).toBe(ports)
    expect(jail?.logpath).toEqual([logpath])
  })

  it('has a jail for every filter, and one that counts bans', () => {
    expect(jails.map(({ name }) => name).toSorted()).toEqual(shippedJails())
    expect(shippedJails().filter((name) => !shippedNames().includes(name))).toEqual(['recidive'])
  })

  it('has a jail for repeat offenders, as fail2ban sets it: five bans in a day, all ports for a week', () => {
    const recidive = jails.find(({ name }) => name === 'recidive')
    expect(recidive).toMatchObject({
      backend: 'bans',
      ports: { ports: 'all' },
      settings: { enabled: false, maxretry: 5, findtime: 86_400, bantime: 7 * 86_400 },
    })
  })

  it('has nothing on that was not asked for, but what every node has', () => {
    const on = jails.filter(({ settings }) => settings.enabled).map(({ name }) => name)
    expect(on.toSorted()).toEqual(['proxmox', 'sshd', 'warder'])
  })

  it.each([
    ['qpsmtpd', 'logterse'],
    ['apache-scan', 'phpunit'],
    ['sshd-ddos', 'MaxStartups'],
    ['sogo-auth', 'SOGoRootPage'],
    ['ejabberd-auth', 'c2s'],
  ])('knows the filter %s by the name that others gave it', (name, word) => {
    const local = new Map([['jail.local', `[own]\nenabled = true\nfilter = ${name}\nlogpath = /x\n`]])
    const read = readConfiguration([shipped, { name: '/etc/warder', files: local }])
    expect(read.problems.map(formatProblem)).toEqual([])
    expect(read.jails.find((jail) => jail.name === 'own')?.filter.failregex.join()).toContain(word)
  })

  it.each<[string, string, readonly string[], readonly string[]]>([
    [
      'common.conf',
      '_daemon = (?:shop|till)\nfailregex = ^%(__prefix_line)sno entry for \\S+ from <HOST>$',
      [
        'Nov 20 10:00:00 host shop[7]: no entry for x from 192.0.2.1',
        'Nov 20 10:00:00 host till(shop.example): no entry for x from 192.0.2.1',
        'shop[7]: no entry for x from 192.0.2.1',
      ],
      ['Nov 20 10:00:00 host other[7]: shop[7]: no entry for x from 192.0.2.1'],
    ],
    [
      'apache-common.conf',
      'failregex = ^%(_apache_error_client)s (?:AH\\d+: )?no entry$',
      [
        '[Fri Nov 20 10:00:00 2026] [error] [client 192.0.2.1] no entry',
        '[Fri Nov 20 10:00:00.123456 2026] [core:error] [pid 1:tid 2] (13)Permission denied: [client 192.0.2.1:40022] AH00035: no entry',
      ],
      ['[Fri Nov 20 10:00:00 2026] [error] File [client 192.0.2.1] no entry'],
    ],
  ])('has a %s for filters that include one', (before, definition, found, left) => {
    const files = new Map([
      ['jail.local', '[own]\nenabled = true\nlogpath = /x\n'],
      ['filter.d/own.conf', `[INCLUDES]\nbefore = ${before}\n[Definition]\n${definition}\n`],
    ])
    const read = readConfiguration([shipped, { name: '/etc/warder', files }])
    expect(read.problems.map(formatProblem)).toEqual([])
    const own = read.jails.find((jail) => jail.name === 'own')
    const compiled = own === undefined ? null : compileJail(own)
    if (!compiled?.ok) throw new Error(compiled?.problems.join())
    const match = makeMatcher(compiled.jail.filter)
    const ips = [...found, ...left].map((text) => match({ source: '/x', text, readAt: NOW }, NOW)?.ip)
    expect(ips).toEqual([...found.map(() => '192.0.2.1'), ...left.map(() => undefined)])
  })

  it('lets the operator stand above it, also with a jail.local written for fail2ban', () => {
    const local = `
[DEFAULT]
bantime = 1d
ignoreip = 127.0.0.1/8 192.0.2.0/24
[sshd]
enabled = true
mode = aggressive
port = ssh,2222
logpath = %(sshd_log)s
backend = %(sshd_backend)s
bantime = 2d
`
    const { jails: changed, problems: said } = readConfiguration([
      shipped,
      { name: '/etc/warder', files: new Map([['jail.local', local]]) },
    ])
    expect(said.map(formatProblem)).toEqual([])
    const sshd = changed.find(({ name }) => name === 'sshd')
    expect(sshd?.settings.bantime).toBe(2 * 86_400)
    expect(sshd?.ports).toEqual({ protocol: 'tcp', ports: [22, 2222] })
    expect(sshd?.ignoreip).toEqual(['127.0.0.1/8', '192.0.2.0/24'])
    expect(sshd?.filter.failregex.length).toBeGreaterThan(10)
    expect(changed.find(({ name }) => name === 'proxmox')?.settings.bantime).toBe(86_400)
  })
})

import { readConfiguration, formatProblem } from '@warder/conf'
import { formatPorts } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { shippedFiles, shippedJails, shippedNames } from './shipped.ts'

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

import { describe, expect, it } from 'vitest'
import { readConfiguration, type Configuration, type Layer } from './index.ts'

const layer = (name: string, files: Record<string, string>, isForeign = false): Layer => ({
  name,
  files: new Map(Object.entries(files)),
  isForeign,
})
const SHIPPED = layer('shipped', {
  'jail.conf': '[DEFAULT]\nenabled = false\nbantime = 1h\nfilter = %(__name__)s\n',
  'jail.d/door.conf':
    '[door]\nenabled = true\nmaxretry = 9\nport = 8006\nlogpath = /var/log/ours\nignoreip = 192.0.2.1\n',
  'filter.d/head.conf': '[DEFAULT]\nhead = ^ours\n',
  'filter.d/door.conf':
    '[INCLUDES]\nbefore = head.conf\n[Definition]\nfailregex = %(head)s <HOST>$\nignoreregex = ours\n',
})
const STOCK =
  '[DEFAULT]\nenabled = false\nbantime = 10m\nfilter = %(__name__)s\n[door]\nport = 22\nlogpath = /var/log/theirs\n'
const FILTER =
  '[INCLUDES]\nbefore = /etc/fail2ban/filter.d/theirs.conf\n[Definition]\nfailregex = %(theirs)s <HOST>$\n'
const read = (foreign: Record<string, string>, own: Record<string, string> = {}): Configuration =>
  readConfiguration([
    SHIPPED,
    layer(
      '/etc/fail2ban',
      {
        'jail.conf': STOCK,
        'filter.d/door.conf': FILTER,
        'filter.d/theirs.conf': '[DEFAULT]\ntheirs = ^theirs\n',
        ...foreign,
      },
      true,
    ),
    layer('/etc/warder', own),
  ])
const doorOf = ({ jails }: Configuration) => jails.find(({ name }) => name === 'door')

describe('an installation of fail2ban between what is shipped and what the operator wrote', () => {
  it('leaves a shipped jail alone that it only mentions, filter and all', () => {
    expect(doorOf(read({}))).toMatchObject({
      logpath: ['/var/log/ours'],
      filter: { failregex: ['^ours <HOST>$'], ignoreregex: ['ours'] },
      settings: { enabled: true, maxretry: 9, bantime: 600 },
    })
  })

  it.each([
    [layer('/opt/fail2ban/', {}, true), '/opt/fail2ban/known'],
    [layer('/etc/warder', {}), '/etc/fail2ban/known'],
  ])('is known to its jails by its own folder', ({ name, isForeign }, command) => {
    const files = {
      'jail.local': '[door]\nenabled = true\nignorecommand = %(fail2ban_confpath)s/known <ip>\n',
      'filter.d/door.conf': '[Definition]\nfailregex = ^bad <HOST>$\n',
    }
    const own = layer(name, files, isForeign)
    expect(doorOf(readConfiguration([SHIPPED, own]))?.ignorecommand).toEqual([command, '<ip>'])
  })

  it.each([
    ['switches on itself', { 'jail.d/debian.conf': '[door]\nenabled = true\n' }, true],
    ['switches off itself', { 'jail.local': '[door]\nenabled = false\n' }, false],
    ['switches on with all others', { 'jail.local': '[DEFAULT]\nenabled = true\n' }, true],
  ])('stands wholly where it has a jail that it %s', (_, files, enabled) => {
    const door = doorOf(read(files))
    expect(door).toMatchObject({
      logpath: ['/var/log/theirs'],
      ignoreip: [],
      ports: { protocol: 'tcp', ports: [22] },
      filter: { failregex: ['^theirs <HOST>$'], ignoreregex: [] },
      settings: { enabled, maxretry: 3, bantime: 600 },
    })
  })

  it('lies below what the operator wrote for Warder', () => {
    const own = {
      'jail.local': '[door]\nmaxretry = 2\n',
      'filter.d/door.local': '[Definition]\nignoreregex = mine\n',
    }
    expect(doorOf(read({}, own))).toMatchObject({
      logpath: ['/var/log/ours'],
      filter: { failregex: ['^ours <HOST>$'], ignoreregex: ['mine'] },
      settings: { maxretry: 2 },
    })
    expect(doorOf(read({ 'jail.local': '[door]\nenabled = true\n' }, own))).toMatchObject({
      logpath: ['/var/log/theirs'],
      filter: { failregex: ['^theirs <HOST>$'], ignoreregex: ['mine'] },
      settings: { maxretry: 2 },
    })
  })

  it('lets jails of Warder use its filters, and its jails be switched on from there', () => {
    const { jails, problems } = read(
      {
        'jail.local': '[shop]\nlogpath = /var/log/shop\n',
        'filter.d/shop.conf': '[Definition]\nfailregex = ^<HOST>$\n',
      },
      {
        'jail.local':
          '[shop]\nenabled = true\n[till]\nenabled = true\nfilter = shop\nlogpath = /var/log/till\n',
      },
    )
    expect(problems).toEqual([])
    expect(jails.filter(({ settings }) => settings.enabled).map(({ name }) => name)).toEqual([
      'door',
      'shop',
      'till',
    ])
  })

  it('has its addresses that never count hold for shipped jails that have none', () => {
    const shipped = layer('shipped', {
      'jail.conf': '[DEFAULT]\nignoreip =\n[a]\nenabled = true\nlogpath = /a\nfailregex = ^<HOST>$\n',
    })
    const foreign = layer('/etc/fail2ban', { 'jail.local': '[DEFAULT]\nignoreip = 198.51.100.0/24\n' }, true)
    expect(readConfiguration([shipped, foreign]).jails[0]?.ignoreip).toEqual(['198.51.100.0/24'])
  })

  it.each([
    ['keeps what a shipped jail reads', {}, { backend: 'auto', filter: { name: 'door' } }],
    [
      'keeps it below what the operator wrote',
      { 'jail.local': '[DEFAULT]\nbackend = systemd\n' },
      { backend: 'systemd', filter: { name: 'door' } },
    ],
  ])('%s', (_, own, door) => {
    const shipped = layer('shipped', {
      'jail.conf':
        '[DEFAULT]\nbackend = auto\nfilter = %(__name__)s\nmaxretry = 3\n[door]\nenabled = true\nlogpath = /a\n',
      'filter.d/door.conf': '[Definition]\nfailregex = ^<HOST>$\n',
    })
    const defaults = '[DEFAULT]\nbackend = polling\nfilter = shop\nmaxretry = 7\n'
    const foreign = layer(
      '/etc/fail2ban',
      { 'jail.local': `${defaults}[shop]\nenabled = true\nlogpath = /b\n` },
      true,
    )
    const { jails } = readConfiguration([shipped, foreign, layer('/etc/warder', own)])
    expect(jails.find(({ name }) => name === 'door')).toMatchObject({ ...door, settings: { maxretry: 7 } })
  })

  it('is named with its folder where something is wrong in it', () => {
    const { problems } = read({ 'jail.local': '[door]\nenabled = true\nmaxretry = many\n' })
    expect(problems).toMatchObject([{ jail: 'door', file: '/etc/fail2ban/jail.local', line: 3 }])
  })
})

describe('actions of others that block', () => {
  const portsOf = (action: string) =>
    readConfiguration([
      layer('x', {
        'jail.conf': `[a]\nenabled = true\nfailregex = ^<HOST>$\nlogpath = /a\naction = ${action}\n`,
      }),
    ])
  it.each([
    ['corp-iptables[port="25,465",protocol=tcp,bantime=1800]', { protocol: 'tcp', ports: [25, 465] }],
    ['corp-iptables[bantime=1800]', { protocol: 'tcp', ports: 'all' }],
    ['nftables[type=allports]', { protocol: 'both', ports: 'all' }],
    ['iptables-allports', { protocol: 'both', ports: 'all' }],
  ])('%s', (action, ports) => {
    const { jails, problems } = portsOf(action)
    expect(problems).toEqual([])
    expect(jails[0]?.ports).toEqual(ports)
  })

  it('name what is not carried out', () => {
    expect(portsOf('corp-iptables[port=22]\n corp-sendmail[dest=root]').problems).toMatchObject([
      {
        severity: 'warning',
        jail: 'a',
        message: expect.stringContaining("'corp-sendmail' is not carried out"),
      },
    ])
  })
})

import { describe, expect, it } from 'vitest'
import type { JailDefinition } from '@warder/core'
import { readConfiguration } from './configuration.ts'
import { formatProblem } from './problem.ts'

const HEAD = '[j]\nenabled = true\nfilter = f\nlogpath = /var/log/x\n'
const FILTER = '[Definition]\nfailregex = ^bad <HOST>$\n'

function read(jails: string, more: Record<string, string> = {}) {
  const files = new Map(Object.entries({ 'filter.d/f.conf': FILTER, 'jail.local': jails, ...more }))
  const { jails: found, problems } = readConfiguration([{ name: 'local', files }])
  return { jail: found[0], problems: problems.map(formatProblem) }
}

const jailOf = (options: string): JailDefinition | undefined => read(HEAD + options).jail

describe('where nothing is said', () => {
  it('a jail counts as the server of fail2ban does, which its own files say otherwise', () => {
    expect(jailOf('')).toMatchObject({
      settings: { maxretry: 3, findtime: 600, bantime: 600 },
      maxmatches: 5,
    })
  })
})

describe('options about counting, banning and ignoring', () => {
  it.each<[string, string, Partial<JailDefinition>]>([
    ['bans do not grow by themselves', 'bantime.factor = 3', {}],
    [
      'bans grow',
      'bantime.increment = yes\nbantime.factor = 2\nbantime.maxtime = 1w\nbantime.rndtime = 5m\nbantime.overalljails = true\n',
      {
        growth: {
          factor: 2,
          multipliers: [],
          formula: null,
          maxtime: 604_800,
          rndtime: 300,
          overalljails: true,
        },
      },
    ],
    [
      'by multipliers, or by a formula',
      'bantime.increment = 1\nbantime.multipliers = 1 2 4\nbantime.formula = ban.Time * 2\n',
      {
        growth: {
          factor: 1,
          multipliers: [1, 2, 4],
          formula: 'ban.Time * 2',
          maxtime: null,
          rndtime: 0,
          overalljails: false,
        },
      },
    ],
    [
      'a command splits into arguments as in a shell',
      `ignorecommand = /opt/a "b c" 'd "e' f\\ g <ip>`,
      { ignorecommand: ['/opt/a', 'b c', 'd "e', 'f g', '<ip>'] },
    ],
    [
      'what it said is kept',
      'ignorecommand = x\nignorecache = key="<F-USER>@<ip>", max-count=7, max-time=1h',
      { ignorecommand: ['x'], ignorecache: { key: '<F-USER>@<ip>', maxCount: 7, maxTime: 3_600 } },
    ],
    ['names are not looked up', 'usedns = no', { usedns: 'no' }],
    ['nor where it is said in a word of its own', 'usedns = true', { usedns: 'no' }],
    ['they are in capitals too', 'usedns = Yes', {}],
    ['nor where they are to be counted as they are', 'usedns = raw', { usedns: 'no' }],
    [
      'files name more',
      'ignoreip = 192.0.2.1 file:/etc/friends',
      { ignoreip: ['192.0.2.1'], ignorefiles: ['/etc/friends'] },
    ],
  ])('%s', (_, options, expected) => {
    const { growth, ignorecommand, ignorecache, usedns, ignorefiles } = jailOf(options) ?? {}
    const said = Object.fromEntries(
      Object.entries({ growth, ignorecommand, ignorecache, usedns, ignorefiles }).filter(
        ([, value]) => value !== undefined,
      ),
    )
    const { ignoreip, ...rest } = expected
    expect(said).toEqual(rest)
    if (ignoreip) expect(jailOf(options)?.ignoreip).toEqual(ignoreip)
  })

  it('a zone for dates that name none goes with the filter', () => {
    expect(jailOf('logtimezone = UTC+0200\n')?.filter.logtimezone).toBe('UTC+0200')
  })

  it.each([
    ['/opt/a;rm -rf /', 'needs a shell'],
    ['/opt/a $(id)', 'needs a shell'],
    ['/opt/a `id`', 'needs a shell'],
    ['/opt/a > /tmp/x', 'needs a shell'],
    ['/opt/a "b', 'without its end'],
    ['<ip> x', 'does not begin with a program'],
  ])('the command %s is refused', (command, why) => {
    const { jail, problems } = read(`${HEAD}ignorecommand = ${command}\n`)
    expect(jail?.ignorecommand).toBeUndefined()
    expect(problems.join()).toContain(why)
  })
})

describe('a jail for repeat offenders', () => {
  const NOTE = 'counts the bans of the other jails itself, in place of reading them from the log of fail2ban'

  it.each<[string, string, string[]]>([
    ['says so', '[again]\nenabled = true\nbackend = bans\nfindtime = 1d\n', []],
    [
      "uses fail2ban's filter",
      '[again]\nenabled = true\nfilter = recidive[_jailname=again]\nlogpath = /var/log/fail2ban.log\nfindtime = 1d\n',
      [`note: jail.local:3: jail again: ${NOTE}`],
    ],
    [
      'reads the log of fail2ban by another filter',
      '[recidive]\nenabled = true\nfilter = f\nlogpath = /var/log/fail2ban.log\nfindtime = 1d\n',
      [`note: jail.local:3: jail recidive: ${NOTE}`],
    ],
  ])('counts bans itself where it %s', (_, text, problems) => {
    const found = read(text)
    expect(found.problems).toEqual(problems)
    expect(found.jail).toMatchObject({
      backend: 'bans',
      logpath: [],
      filter: { failregex: [] },
      settings: { findtime: 86_400 },
    })
  })

  it('is an ordinary one where it reads something else', () => {
    const text = '[recidive]\nenabled = true\nfilter = f\nlogpath = /var/log/app.log\n'
    expect(read(text).jail).toMatchObject({ backend: 'auto', logpath: ['/var/log/app.log'] })
  })
})

describe('what a banaction blocks, as the stock files put it together', () => {
  const STOCK = `[DEFAULT]
port = 0:65535
protocol = tcp
chain = INPUT
banaction = iptables-multiport
banaction_allports = iptables-allports
action_ = %(banaction)s[port="%(port)s", protocol="%(protocol)s", chain="%(chain)s"]
action = %(action_)s
`
  const all = { protocol: 'both', ports: 'all' }
  it.each([
    ['the ports of the jail', 'port = ssh,2222', { protocol: 'tcp', ports: [22, 2222] }],
    ['all of one protocol', '', { protocol: 'tcp', ports: 'all' }],
    ['everything', 'port = ssh\nbanaction = %(banaction_allports)s', all],
    ['everything with nftables', 'port = ssh\nbanaction = nftables-allports', all],
    [
      'everything by its type',
      'port = ssh\nbanaction = nftables[type=allports]\naction = %(banaction)s',
      all,
    ],
    [
      'several ports with nftables',
      'port = http,https\nbanaction = nftables-multiport',
      { protocol: 'tcp', ports: [80, 443] },
    ],
    ['one port', 'port = ssh\nbanaction = iptables', { protocol: 'tcp', ports: [22] }],
    ['sets', 'port = ssh\nbanaction = iptables-ipset-proto6', { protocol: 'tcp', ports: [22] }],
    ['all ports by sets', 'port = ssh\nbanaction = iptables-ipset-proto6-allports', all],
    ['firewalld', 'port = ssh\nbanaction = firewallcmd-rich-rules', { protocol: 'tcp', ports: [22] }],
    ['routes', 'port = ssh\nbanaction = route', all],
    [
      'tcp and udp by two actions',
      'port = 53\naction = %(banaction)s[name=a, port="%(port)s", protocol=tcp]\n  %(banaction)s[name=b, port="%(port)s", protocol=udp]',
      { protocol: 'both', ports: [53] },
    ],
  ])('%s: %s', (_, options, ports) => {
    const { jail, problems } = read(`${STOCK}${HEAD}${options}\n`)
    expect(problems).toEqual([])
    expect(jail?.ports).toEqual(ports)
  })

  it.each([
    ['nothing said', 'banaction = nftables', undefined],
    ['nftables[blocktype=drop]', 'banaction = nftables[blocktype=drop]', 'drop'],
    ['iptables-multiport[blocktype=DROP]', 'banaction = iptables-multiport[blocktype=DROP]', 'drop'],
    [
      'nftables[blocktype="reject with tcp reset"]',
      'banaction = nftables[blocktype="reject with tcp reset"]',
      'reject',
    ],
    [
      "iptables' own way",
      'banaction = iptables[blocktype="REJECT --reject-with icmp-port-unreachable"]',
      'reject',
    ],
    ['ufw', 'banaction = ufw[blocktype=deny]', 'drop'],
    ['the jail', 'blocktype = reject', 'reject'],
    ['the jail over its action', 'blocktype = reject\nbanaction = nftables[blocktype=drop]', 'reject'],
  ])('what becomes of packets by %s', (_, options, blocktype) => {
    const { jail, problems } = read(`${STOCK}${HEAD}port = ssh\n${options}\n`)
    expect(problems).toEqual([])
    expect(jail?.blocktype).toBe(blocktype)
  })

  it.each(['blocktype = tarpit', 'banaction = nftables[blocktype=jump x]'])('remarks on %s', (options) => {
    const { jail, problems } = read(`${STOCK}${HEAD}port = ssh\n${options}\n`)
    expect(problems.join()).toContain('neither drop nor reject')
    expect(jail?.blocktype).toBeUndefined()
  })
})

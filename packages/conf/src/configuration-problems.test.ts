import { describe, expect, it } from 'vitest'
import { readConfiguration, type Configuration } from './configuration.ts'
import type { Layer } from './include.ts'
import { formatProblem } from './problem.ts'

const FILTER = '[Definition]\nfailregex = ^bad <HOST>$\n'
const layer = (name: string, files: Record<string, string>): Layer => ({
  name,
  files: new Map(Object.entries(files)),
})
const read = (jails: string, files: Record<string, string> = {}): Configuration =>
  readConfiguration([
    layer('shipped', { 'filter.d/f.conf': FILTER }),
    layer('local', { 'jail.local': jails, ...files }),
  ])
const said = (configuration: Configuration): string[] => configuration.problems.map(formatProblem)
const J = '[j]\nenabled = true\nfilter = f\nlogpath = /var/log/x\n'
const K = '[k]\nenabled = true\nfilter = f\nlogpath = /var/log/x\n'

describe('a broken jail is left out, told with file and line, and affects no other', () => {
  it.each([
    [
      'option twice',
      `${J}maxretry = 1\nmaxretry = 2\n`,
      'error: jail.local:6: jail j: option maxretry is there twice in [j]',
    ],
    [
      'section twice',
      `${J}[j]\nmaxretry = 1\n`,
      'error: jail.local:5: jail j: section [j] is there twice in this file',
    ],
    [
      'nonsense',
      `${J}what\n`,
      "error: jail.local:5: jail j: 'what' is neither a [section] nor an option = value",
    ],
    [
      'unknown variable',
      `${J}maxretry = %(nope)s\n`,
      'error: jail.local:5: jail j: maxretry: %(nope)s is not known',
    ],
    [
      'unknown variable in enabled',
      '[j]\nenabled = %(nope)s\nfilter = f\nlogpath = /x\n',
      'error: jail.local:2: jail j: enabled: %(nope)s is not known',
    ],
    [
      'unknown variable in filter',
      J.replace('= f', '= f[mode=%(nope)s]'),
      'error: jail.local:3: jail j: filter: %(nope)s is not known',
    ],
    [
      'unknown variable in logpath',
      J.replace('/var', '%(nope)s/var'),
      'error: jail.local:4: jail j: logpath: %(nope)s is not known',
    ],
    ['missing filter', J.replace('= f', '= g'), 'error: jail.local:3: jail j: there is no filter.d/g.conf'],
    [
      'bad reference',
      J.replace('= f', '= f['),
      "error: jail.local:3: jail j: filter: 'f[' is not a name with [option=value] behind it",
    ],
    [
      'no number',
      `${J}maxretry = many\n`,
      "error: jail.local:5: jail j: maxretry is not a whole number: 'many'",
    ],
    [
      'a remark behind a number',
      `${J}maxretry = 3 # x\n`,
      "error: jail.local:5: jail j: maxretry is not a whole number: '3 # x' (a remark behind a value needs ; in place of #)",
    ],
    [
      'no duration',
      `${J}bantime = 1 fortnight\n`,
      "error: jail.local:5: jail j: bantime is not a duration: '1 fortnight'",
    ],
    [
      'out of bounds',
      `${J}findtime = 0\n`,
      "error: jail.local:5: jail j: findtime = '0' lies outside of 1 to 31536000",
    ],
    [
      'no port',
      `${J}port = sshd\n`,
      "error: jail.local:5: jail j: port: 'sshd' is no port: give a number, a range a:b, or the name of a known service",
    ],
    [
      'no protocol',
      `${J}protocol = icmp\n`,
      "error: jail.local:5: jail j: protocol is neither tcp nor udp: 'icmp'",
    ],
    [
      'no backend',
      `${J}backend = foo\n`,
      "error: jail.local:5: jail j: there is no backend 'foo': use auto, systemd, polling or pyinotify",
    ],
    [
      'relative path',
      J.replace('/var', 'var'),
      "error: jail.local:4: jail j: logpath is not absolute: 'var/log/x'",
    ],
    [
      'several paths on a line',
      J.replace('/x', '/x /var/log/y tail'),
      "error: jail.local:4: jail j: logpath has several paths on one line, each needs one of its own: '/var/log/x /var/log/y'",
    ],
    [
      'bad journalmatch',
      `${J}journalmatch = sshd\n`,
      "error: jail.local:5: jail j: journalmatch 'sshd' is neither FIELD=value nor +",
    ],
    [
      'no expressions',
      `${J}failregex =\n`,
      'error: jail.local:5: jail j: has no failregex, so it can never find anything',
    ],
    [
      'bad name',
      J.replace('[j]', '[j j]'),
      "error: jail.local:1: jail j j: 'j j' is no name for a jail: use letters, digits, _ . - (at most 64)",
    ],
    [
      'taken name',
      J.replace('[j]', '[manual]'),
      'error: jail.local:1: jail manual: manual is the jail of bans made by hand; choose another name',
    ],
    [
      'opening ports',
      `${J}action = iptables[blocktype=RETURN]\n`,
      'error: jail.local:5: jail j: action iptables opens ports for what it finds, and that is not supported',
    ],
  ])('%s', (_, jail, problem) => {
    const configuration = read(`${jail}${K}`)
    expect(said(configuration)).toEqual([problem])
    expect(configuration.jails.map(({ name }) => name)).toEqual(['k'])
  })

  it.each([
    [
      'a circle of tags',
      'a = <b>\nb = <a>\nfailregex = <a> <HOST>\n',
      "filter.d/g.conf:4: jail j: failregex: the tag <a> contains itself in '<a> <HOST>'",
    ],
    [
      'an unknown variable',
      'failregex = %(nope)s <HOST>\n',
      'filter.d/g.conf:2: jail j: failregex: %(nope)s is not known',
    ],
    [
      'an option twice',
      'failregex = <HOST>\nx = 1\nx = 2\n',
      'filter.d/g.conf:4: jail j: option x is there twice in [Definition]',
    ],
  ])('%s in its filter', (_, definition, problem) => {
    const configuration = read(`${J.replace('= f', '= g')}${K}`, {
      'filter.d/g.conf': `[Definition]\n${definition}`,
    })
    expect(said(configuration)).toContain(`error: ${problem}`)
    expect(configuration.jails.map(({ name }) => name)).toEqual(['k'])
  })

  it('an unused mistake in a filter costs nothing', () => {
    const configuration = read(J, {
      'filter.d/f.local': '[Definition]\nunused = %(nope)s <loop>\nloop = <loop>\n',
    })
    expect(configuration).toMatchObject({ jails: [{ name: 'j' }], problems: [] })
  })

  it('a mistake in [DEFAULT] or before any section is told, and no jail is lost', () => {
    const configuration = read(`x = 1\n[DEFAULT]\nbantime = 1\nbantime = 2\n${J}`)
    expect(said(configuration)).toEqual([
      "error: jail.local:1: 'x = 1' stands before the first [section]",
      'error: jail.local:4: option bantime is there twice in [DEFAULT]',
    ])
    expect(configuration.jails[0]?.settings.bantime).toBe(2)
  })

  it('what is wrong with a disabled jail is a warning', () => {
    const configuration = read(`[j]\nfilter = nope\nignorecommand = x\n${K}`)
    expect(said(configuration)).toEqual(['warning: jail.local:2: jail j: there is no filter.d/nope.conf'])
    expect(configuration.jails.map(({ name }) => name)).toEqual(['k'])
  })
})

describe('what is not supported is a warning where it changes what the jail does', () => {
  it.each([
    [
      'ignorecommand = /bin/x <ip> | grep yes',
      "ignorecommand '/bin/x <ip> | grep yes' needs a shell, and none is used; put it into a script; it is not run",
    ],
    ['ignorecommand = /bin/x <ip-host>', 'ignorecommand: <ip-host> is not filled in and stays as it is'],
    ['ignorecache = max-count=5', "ignorecache 'max-count=5' cannot be read; nothing is kept"],
    ['ignoreself = false', "ignoreself = 'false' has no effect: a node's own addresses are never banned"],
    ['find_time = 1h', 'option find_time means nothing; findtime was meant?'],
    [
      'bantime.increment = true\nbantime.formula = os.system(1)',
      '"os.system" is not known; every ban lasts for bantime',
    ],
    ['logtimezone = Mars', "logtimezone 'Mars' is no zone; dates without one are in the node's time"],
    ['logencoding = latin1', "logencoding = 'latin1' is not supported yet: files are read as UTF-8"],
    ['usedns = true', "usedns = 'true' is none of yes, warn, no, raw and counts as no"],
    ['usedns = raw', "usedns = 'raw' counts nobody: a firewall cannot ban a name"],
    ['action = %(action_mwl)s', 'action: %(action_mwl)s is not known'],
    [
      'action = sendmail-whois[name=j]',
      "action 'sendmail-whois' is not carried out (and there is no action.d/sendmail-whois.conf); bans themselves are made by Warder's own firewall",
    ],
    [
      'action =',
      "has no action, so fail2ban blocks nobody; bans are made by Warder's own firewall all the same",
    ],
    [
      'ignoreip = 192.0.2.300',
      "ignoreip '192.0.2.300' is no address, no subnet and no host name, and protects nobody",
    ],
    [
      'backend = systemd[journalflags=1]\njournalmatch = _A=1',
      "the options of backend 'systemd[journalflags=1]' are not supported; the system's journal is read",
    ],
    ['backend = systemd', 'has no journalmatch and looks at every entry of the journal'],
    ['maxretry = 0', "maxretry = '0' lies outside of 1 to 10000; 1 is used"],
    ['findtime = 1y', "findtime = '1y' lies outside of 1 to 31536000; 31536000 is used"],
    [
      'bantime = 999999999',
      "bantime = '999999999' lies outside of 1 to 315360000 (-1: for ever); 315360000 is used",
    ],
    ['logpath = /x\n  port = 22', "logpath is not absolute: 'port = 22'; it is passed over"],
    ['maxlines = x', "maxlines is not a whole number above 0: 'x'; 1 is used"],
    ['maxmatches = x', "maxmatches is not a whole number: 'x'; 5 is used"],
  ])('%s', (option, message) => {
    const jail = option.startsWith('logpath') ? J.replace(/logpath.*\n/, '') : J
    const configuration = read(`${jail}${option}\n`)
    expect(
      configuration.problems.map((problem) => `${problem.severity} ${problem.jail}: ${problem.message}`),
    ).toEqual([`warning j: ${message}`])
    expect(configuration.jails.length).toBe(1)
  })

  it.each([
    'ignorecommand =',
    'ignoreself = true',
    'ignorecommand = /bin/x "<ip>" --user=<F-USER>',
    'bantime.increment = false',
    'bantime.increment = true',
    'logtimezone = UTC+0200',
    'usedns = yes',
    'logencoding = auto',
    'usedns = warn',
    'action = iptables-multiport[port=22]',
    'backend = systemd\njournalmatch = _A=1\nlogpath = x',
  ])('%s is as good as unsaid', (option) => {
    const jail = option.includes('logpath') ? J.replace(/logpath.*\n/, '') : J
    expect(said(read(`${jail}${option}\n`))).toEqual([])
  })

  it('an enabled that is no boolean is told, since the jail is off for it', () => {
    const configuration = read('[j]\nenabled = true # yes\nfilter = f\nignorecommand = x\n')
    expect(said(configuration)).toEqual([
      "warning: jail.local:2: jail j: enabled = 'true # yes' is neither true nor false and counts as false",
    ])
    expect(configuration.jails[0]?.settings.enabled).toBe(false)
  })

  it('a jail with nothing to read is told', () => {
    expect(said(read('[j]\nenabled = true\nfilter = f\n'))).toEqual([
      'warning: jail.local:1: jail j: has neither a logpath nor a journalmatch, so it has nothing to read',
    ])
    expect(said(read('[j]\nenabled = true\nfilter = f\nbackend = polling\n'))).toEqual([
      'warning: jail.local:1: jail j: has no logpath, so it has nothing to read',
    ])
  })
})

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
const J = '[j]\nenabled = true\nfilter = f\nlogpath = /var/log/x\n'

describe('a jail', () => {
  it('has all of its settings', () => {
    const { jails, problems } = read(
      J +
        'backend = systemd\nport = ssh,2222\nprotocol = udp\nmaxretry = 3\nfindtime = 1d 12h\nbantime = -1\nmaxmatches = 7\n' +
        'ignoreip = 192.0.2.0/24, 2001:db8::1\n  198.51.100.7\njournalmatch = _A=1 + _B=2\nmaxlines = 2\ndatepattern = %%Y\n' +
        'logpath1 = x\nignoreregex = ^never\n\n  ^ever\nprefregex = ^p<F-CONTENT>.+</F-CONTENT>$\n',
    )
    expect(problems).toEqual([])
    expect(jails).toEqual([
      {
        name: 'j',
        filter: {
          name: 'f',
          prefregex: '^p<F-CONTENT>.+</F-CONTENT>$',
          failregex: ['^bad <HOST>$'],
          ignoreregex: ['^never', '^ever'],
          datepattern: '%Y',
          maxlines: 2,
          journalmatch: [[['_A', '1']], [['_B', '2']]],
        },
        backend: 'systemd',
        logpath: ['/var/log/x'],
        ports: { protocol: 'udp', ports: [22, 2222] },
        ignoreip: ['192.0.2.0/24', '2001:db8::1', '198.51.100.7'],
        maxmatches: 7,
        settings: { enabled: true, maxretry: 3, findtime: 129_600, bantime: -1 },
      },
    ])
  })

  it.each([
    ['auto', 'auto'],
    ['systemd', 'systemd'],
    ['systemd[journalflags=1]', 'systemd'],
    ['polling', 'file'],
    ['pyinotify', 'file'],
    ['', 'auto'],
  ])('with backend %s reads %s', (backend, expected) => {
    expect(read(`${J}journalmatch = _A=1\nbackend = ${backend}\n`).jails[0]?.backend).toBe(expected)
  })

  it('takes globs, several lines and the word tail', () => {
    expect(read('[j]\nfilter = f\nlogpath = /a/*.log tail\n  /b head\n /c d\n').jails[0]?.logpath).toEqual([
      '/a/*.log',
      '/b',
      '/c d',
    ])
  })

  it('takes addresses only with usedns = no', () => {
    expect(read(`${J}usedns = no\n`).jails[0]?.filter.failregex).toEqual(['^bad <ADDR>$'])
  })

  it('needs no filter when it brings its own expressions', () => {
    expect(
      read('[j]\nenabled = true\nlogpath = /x\nfailregex = ^my <HOST>$\n').jails[0]?.filter,
    ).toMatchObject({ name: 'j', failregex: ['^my <HOST>$'] })
  })

  it('adds to the expressions of its filter', () => {
    expect(
      read(`${J}failregex = %(known/failregex)s\n  ^worse <HOST>$\n`).jails[0]?.filter.failregex,
    ).toEqual(['^bad <HOST>$', '^worse <HOST>$'])
  })

  it('blocks what its actions declare', () => {
    const action = 'port = 80\naction = nftables[type=allports]\n'
    expect(read(J + action).jails[0]?.ports).toEqual({ protocol: 'both', ports: 'all' })
  })

  it('keeps no more lines than a ticket can carry', () => {
    expect(read(`${J}maxmatches = 1000\n`).jails[0]?.maxmatches).toBe(20)
  })

  it('is made of every section where [DEFAULT] enables whatever there is', () => {
    const jails = '[DEFAULT]\nenabled = true\nfilter = f\nlogpath = /x\n[j]\nmaxmatches = 2\n[k]\n'
    expect(read(jails).jails.map(({ name }) => name)).toEqual(['j', 'k'])
  })

  it('is every section where all are switched on by a variable', () => {
    const all = '[DEFAULT]\non = true\nenabled = %(on)s\nfilter = f\nlogpath = /x\n[j]\nusedns = no\n[k]\n'
    expect(read(all)).toMatchObject({ jails: [{ name: 'j' }, { name: 'k' }], problems: [] })
    expect(read(all.replace('true', 'false'))).toMatchObject({ jails: [], problems: [] })
  })

  it('has the expressions as they are once everything is put in, blanks at their ends too', () => {
    const filter =
      '[Definition]\nnone =\nfailregex = %(none)s ^one <HOST>$\n  ^two <HOST> <none>\n  %(none)s\nignoreregex = %(none)s ^x\n'
    expect(read(J, { 'filter.d/f.conf': filter }).jails[0]?.filter).toMatchObject({
      failregex: [' ^one <HOST>$', '^two <HOST> '],
      ignoreregex: [' ^x'],
    })
  })

  it.each([
    ['f', '^file <HOST>'],
    ['f[logtype=]', '^file <HOST>'],
    ['f[logtype=""]', '^file <HOST>'],
    ['f[logtype=short]', '^short <HOST>'],
  ])('has a filter %s of what is logged where nothing else is said', (filter, expression) => {
    const files = { 'filter.d/f.conf': '[Definition]\nfailregex = ^<logtype> <HOST>\n' }
    expect(read(J.replace('= f', `= ${filter}`), files).jails[0]?.filter.failregex).toEqual([expression])
  })

  it.each([
    ['[Definition]\nc = 1\nc?family=inet6 = 2\nfailregex = ^<c> <HOST>\n', '^1 <HOST>'],
    ['[Init]\nc = 1\nc?family=inet6 = 2\n[Definition]\nfailregex = ^<c> <HOST>\n', '^<c> <HOST>'],
  ])('leaves a tag for later where [Init] has a value of it for a condition: %j', (filter, expression) => {
    expect(read(J, { 'filter.d/f.conf': filter }).jails[0]?.filter.failregex).toEqual([expression])
  })

  it('is not made of a section that only holds values', () => {
    expect(read(`[values]\nx = 5\n${J}maxretry = %(values/x)s\n`)).toMatchObject({
      jails: [{ name: 'j', settings: { maxretry: 5 } }],
      problems: [],
    })
  })
})

describe('layers', () => {
  const first = {
    'jail.conf':
      '[DEFAULT]\nmaxretry = 1\nfindtime = 1\nbantime = 1\nmaxmatches = 1\n[j]\nenabled = true\nfilter = f\nlogpath = /x\n',
    'jail.local': '[DEFAULT]\nfindtime = 2\nbantime = 2\nmaxmatches = 2\n',
  }
  const second = {
    'jail.d/b.conf': '[DEFAULT]\nbantime = 3\nmaxmatches = 3\n',
    'jail.d/b.local': '[DEFAULT]\nmaxmatches = 4\n',
    'jail.local': '[DEFAULT]\nmaxmatches = 5\n',
    'jail.d/not.txt': 'nonsense',
    'jail.d/sub/x.conf': 'nonsense',
  }

  it('all files of a layer come before those of the next one', () => {
    const { jails, problems } = readConfiguration([
      layer('a', { ...first, 'filter.d/f.conf': FILTER }),
      layer('b', second),
    ])
    expect(problems).toEqual([])
    expect(jails[0]).toMatchObject({ settings: { maxretry: 1, findtime: 2, bantime: 3 }, maxmatches: 4 })
  })

  it('filters of a lower layer are extended and replaced by the next one', () => {
    const above = {
      'jail.local': J,
      'filter.d/f.local': '[Definition]\nfailregex = %(known/failregex)s\n  ^more <HOST>$\n',
    }
    const { jails } = readConfiguration([layer('a', { 'filter.d/f.conf': FILTER }), layer('b', above)])
    expect(jails[0]?.filter.failregex).toEqual(['^bad <HOST>$', '^more <HOST>$'])
  })

  it('reads the .local behind an included file, also where it is named before it', () => {
    const files = {
      'jail.local': `[INCLUDES]\nbefore = p.local\n  p.conf\n${J}`,
      'p.conf': '[DEFAULT]\nmaxretry = 1\n',
      'p.local': '[DEFAULT]\nmaxretry = 2\n',
    }
    expect(
      readConfiguration([layer('case', { ...files, 'filter.d/f.conf': FILTER })]).jails[0]?.settings,
    ).toMatchObject({
      maxretry: 2,
    })
  })

  it('includes reach files of any layer, theirs with the .local beside', () => {
    const below = {
      'filter.d/common.conf': '[DEFAULT]\np = one\n',
      'filter.d/f.conf': '[INCLUDES]\nbefore = common.conf\n[Definition]\nfailregex = ^%(p)s <HOST>$\n',
    }
    const above = { 'jail.local': J, 'filter.d/common.local': '[DEFAULT]\np = two\n' }
    expect(readConfiguration([layer('a', below), layer('b', above)]).jails[0]?.filter.failregex).toEqual([
      '^two <HOST>$',
    ])
  })

  it('an include out of the configuration is told and not read', () => {
    const { problems } = read(J, {
      'filter.d/f.local': '[INCLUDES]\nbefore = /etc/passwd\n  ../../x.conf\n  nowhere.conf\n',
    })
    expect(problems.map(formatProblem)).toEqual([
      "warning: filter.d/f.local:2: jail j: includes '/etc/passwd', which lies outside of the configuration and is not read",
      "warning: filter.d/f.local:2: jail j: includes '../../x.conf', which lies outside of the configuration and is not read",
    ])
  })

  it('an include out of the configuration is the file of the same folder and name, where there is one', () => {
    const { jails, problems } = read(J, {
      'filter.d/common.conf': '[DEFAULT]\np = here\n',
      'filter.d/f.conf':
        '[INCLUDES]\nbefore = ../../elsewhere/filter.d/common.conf\n[Definition]\nfailregex = ^%(p)s <HOST>$\n',
    })
    expect(jails[0]?.filter.failregex).toEqual(['^here <HOST>$'])
    expect(problems.map(formatProblem)).toEqual([
      "warning: filter.d/f.conf:2: jail j: includes '../../elsewhere/filter.d/common.conf', which lies outside of the configuration; its own filter.d/common.conf is read in its place",
    ])
  })

  it('are silent where there is nothing', () => {
    expect(readConfiguration([])).toEqual({ jails: [], problems: [], places: new Map() })
  })
})

describe('a policy for the bans of a jail', () => {
  it.each([
    ['', undefined, []],
    ['policy = cluster\n', 'cluster', []],
    ['policy = After 2 nodes\n', 'after 2 nodes', []],
    [
      'policy = everywhere\n',
      undefined,
      [
        "policy = 'everywhere' is none of local, cluster, or after N nodes (1 to 100); bans stay on this node",
      ],
    ],
  ])('%j', (text, policy, told) => {
    const { jails, problems } = read(J + text)
    expect(jails[0]?.settings.policy).toBe(policy)
    expect(problems.map(({ message }) => message.replaceAll('"', "'"))).toEqual(told)
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatProblem, readConfiguration } from '@warder/conf'
import { compileJail, NEVER_NOBODY } from '@warder/core'
import { shippedFiles } from '@warder/filters'
import { describe, expect, it } from 'vitest'
import { Replay } from './replay.ts'

const SOURCES = process.env['WARDER_SOURCES'] ?? ''
const NOW = Date.parse('2026-08-01T20:00:00Z')

type Files = Readonly<Record<string, string>>
const IP = '198.51.100.7'

function read(files: Files) {
  const { jails, problems } = readConfiguration([
    { name: 'shipped', files: shippedFiles() },
    { name: '/etc/fail2ban', files: new Map(Object.entries(files)), isForeign: true },
  ])
  return { jails, problems: problems.map(formatProblem).join('\n') }
}

/** Lines through one jail → its bans, `seconds ip length`, seconds since the first minute of the log. */
function play(files: Files, name: string, lines: readonly string[]): readonly string[] {
  const { jails, problems } = read(files)
  const jail = jails.find((each) => each.name === name)
  const compiled = jail === undefined ? null : compileJail(jail)
  if (!compiled?.ok) throw new Error(`${name}: ${problems} ${compiled?.problems.join() ?? ''}`)
  expect(compiled.jail.definition.settings.enabled).toBe(true)
  const replay = new Replay({ jails: [compiled.jail], never: NEVER_NOBODY, zone: () => 0, now: NOW })
  return lines
    .flatMap((text) => replay.follow(replay.find({ source: '/log', text, readAt: NOW })))
    .map(
      ({ at, ip, action, bantime }) =>
        `${(at - Date.parse('2026-08-01T10:00:00Z')) / 1_000} ${action} ${ip} ${bantime}`,
    )
}

const clock = (second: number) =>
  new Date(Date.parse('2026-08-01T10:00:00Z') + second * 1_000).toISOString().slice(11, 19)
const pve = (second: number) =>
  `Aug  1 ${clock(second)} pve1 pvedaemon[1234]: authentication failure; rhost=::ffff:${IP} user=root@pam msg=no such user ('root@pam')`
const ssh = (second: number) =>
  `Aug  1 ${clock(second)} pve1 sshd[77]: Failed password for root from ${IP} port 4022 ssh2`
const web = (second: number, request: string) =>
  `${IP} - - [01/Aug/2026:${clock(second)} +0000] "${request} HTTP/1.1" 200 1 "-" "x"`
const lifted = (second: number) =>
  `2026-08-01 ${clock(second)},123 fail2ban.actions        [77]: NOTICE  [sshd] Unban ${IP}`

const JAIL =
  '\n[panel]\n\nenabled  = true\n\nport     = http,https,8006\n\nfilter   = panel\n\nlogpath  = /var/log/daemon.log\n\nmaxretry = 3\n\nbantime = 3600\n'
const BLOG =
  '[INCLUDES]\nbefore = common.conf\n\n[Definition]\nfailregex = ^<HOST> \\- \\S+ \\[.*\\] \\"GET /wp-login\\.php\n            ^<HOST> \\- \\S+ \\[.*\\] \\"POST /wp-login\\.php\n'
const AGAIN =
  '[again]\nenabled = true\nfilter = again\nport = all\nbanaction = iptables-allports\nlogpath = /var/log/fail2ban.log\n# A remark.\nmaxretry = 3\nfindtime = 18000\nbantime = 172800\n'

describe('recipes as pages show them', () => {
  it('a jail with blank lines between its options and a filter for the web interface', () => {
    const filter =
      '[Definition]\n\nfailregex = pvedaemon\\[[0-9]+\\]: authentication failure; rhost=<HOST> user=.* msg=.*\n'
    const files = { 'jail.local': JAIL, 'filter.d/panel.conf': filter }
    expect(read(files).problems).toBe('')
    expect(play(files, 'panel', [pve(0), pve(60), pve(120), pve(4_000)])).toEqual([
      `120 ban ${IP} 3600`,
      `3720 unban ${IP} 3600`,
    ])
  })

  it('the same filter as a conversion left it is refused with its place', () => {
    const filter =
      '[Definition]\n\nfailregex = pvedaemon[[09]+]: authentication failure; rhost=<HOST> user=.* msg=.*\n'
    const { jails, problems } = read({ 'jail.local': JAIL, 'filter.d/panel.conf': filter })
    expect(jails.map(({ name }) => name)).not.toContain('panel')
    expect(problems).toMatch(
      /^error: \/etc\/fail2ban\/filter\.d\/panel\.conf:3: jail panel: .*lost in copying/,
    )
  })

  it('a jail for the journal whose filter has its own journalmatch', () => {
    const files = {
      'jail.d/proxmox.conf':
        '[proxmox]\nenabled = true\nport = https,http,8006\nfilter = proxmox\nbackend = systemd\nmaxretry = 3\nfindtime = 2d\nbantime = 1h\n',
      'filter.d/proxmox.conf':
        '[Definition]\nfailregex = pvedaemon\\[.*authentication failure; rhost=<HOST> user=.* msg=.*\nignoreregex =\njournalmatch = _SYSTEMD_UNIT=pvedaemon.service\n',
    }
    expect(read(files).problems).toBe('')
    expect(read(files).jails.find(({ name }) => name === 'proxmox')?.filter.journalmatch).toEqual([
      [['_SYSTEMD_UNIT', 'pvedaemon.service']],
    ])
    expect(play(files, 'proxmox', [pve(0), pve(7_000), pve(14_000)])).toEqual([`14000 ban ${IP} 3600`])
  })

  it.each([
    ['[proxmox] enabled = true port = https filter = proxmox', 'enabled', 'proxmox'],
    ['[sshd] # To use more modes set: #mode = normal enabled = true port = ssh', 'enabled', 'sshd'],
    ['[ssh] enabled = true action = corp-iptables[port="22"] corp-mail[name="SSH"]', 'enabled', 'ssh'],
  ])('a jail that lost its line breaks is refused with its place: %s', (text, option, jail) => {
    expect(read({ 'jail.local': text }).problems).toContain(
      `error: /etc/fail2ban/jail.local:1: jail ${jail}: option ${option} stands on the line of [${jail}]`,
    )
  })

  it('a filter that is a .local file only, and a jail that names none', () => {
    const jail =
      '[blog]\nenabled  = true\nport     = http,https\nlogpath  = /var/log/nginx/*access.log\nmaxretry = 2\nbantime  = 86400\n'
    const files = { 'jail.local': jail, 'filter.d/blog.local': BLOG }
    expect(read(files).problems).toBe('')
    const lines = [web(0, 'GET /wp-login.php'), web(5, 'GET /'), web(9, 'POST /wp-login.php')]
    expect(play(files, 'blog', lines)).toEqual([`9 ban ${IP} 86400`])
  })

  it("repeat offenders by fail2ban's own log, on all ports", () => {
    const regex = 'failregex = fail2ban\\.actions\\s*\\[\\d+\\]: (NOTICE|WARNING)\\s+\\[.*\\] Unban <HOST>$'
    const files = { 'jail.local': AGAIN, 'filter.d/again.local': `[Definition]\n${regex}\n` }
    expect(read(files).problems).toBe('')
    expect(play(files, 'again', [lifted(0), lifted(6_000), lifted(12_000)])).toEqual([
      `12000 ban ${IP} 172800`,
    ])
    const mangled = {
      ...files,
      'filter.d/again.local': `[Definition]\n${regex.replace('] Unban', ']Unban')}\n`,
    }
    expect(read(mangled).problems).toMatch(/again\.local:2: jail again: .*a blank was lost in copying/)
  })

  it('jails of another distribution with firewall actions of their own', () => {
    const jail =
      '[DEFAULT]\nignoreip = 127.0.0.0/8 192.168.XXX.XXX\nbantime = 1800\nfindtime = 900\nmaxretry = 3\nbackend = auto\n[ssh]\nenabled = true\nfilter = sshd\nlogpath = /var/log/sshd/current\naction = corp-iptables[port="22",protocol=tcp,bantime=1800]\n\tcorp-sendmail[name="SSH",dest=root]\n[pam]\nenabled = true\nfilter = sshd\nlogpath = /x\naction = corp-iptables[bantime=1800]\n'
    const { jails, problems } = read({ 'jail.local': jail })
    expect(problems).not.toContain('error')
    expect(problems).toMatch(/jail ssh: action 'corp-sendmail' is not carried out/)
    expect(jails.find(({ name }) => name === 'ssh')?.ports).toEqual({ protocol: 'tcp', ports: [22] })
    expect(jails.find(({ name }) => name === 'pam')?.ports.ports).toBe('all')
    const failed = (s: number) =>
      `Aug  1 ${clock(s)} sme sshd[5]: Failed password for root from ${IP} port 5 ssh2`
    expect(play({ 'jail.local': jail }, 'ssh', [failed(0), failed(400), failed(800)])).toEqual([
      `800 ban ${IP} 1800`,
    ])
  })
})

const has = existsSync(SOURCES)
const document = (name: string) => readFileSync(join(SOURCES, name), 'utf8').replace(/\r/g, '')
/** From the line that begins so, up to the next one that does. */
function cut(text: string, from: string, to: string): string {
  const start = text.indexOf(from)
  const end = text.indexOf(to, start + from.length)
  if (start < 0 || end < 0) throw new Error(`the document has no part from ${from} to ${to}`)
  return text.slice(start, end)
}

describe.skipIf(!has)(
  `the documents themselves${has ? '' : ' (skipped: they are not beside this repository)'}`,
  () => {
    it('Proxmox web interface: jail as it is, filter with what the conversion lost', () => {
      const text = document('1-proxmox-web-gui-jail.txt')
      const jail = cut(text, '[proxmoxwebgui]\n', 'The above entry')
      const filter = cut(text, '[Definition]\n', 'This will match')
      expect(read({ 'jail.local': jail, 'filter.d/proxmoxwebgui.conf': filter }).problems).toMatch(
        /filter\.d\/proxmoxwebgui\.conf:3: jail proxmoxwebgui: .*lost in copying/,
      )
      const whole = filter.replace('[[09]+]', '\\[[0-9]+\\]')
      const files = { 'jail.local': jail, 'filter.d/proxmoxwebgui.conf': whole }
      expect(play(files, 'proxmoxwebgui', [pve(0), pve(1), pve(2)])).toEqual([`2 ban ${IP} 3600`])
    })

    it('Proxmox web interface: the line that the page shows is found', () => {
      const text = document('1-proxmox-web-gui-jail.txt')
      const filter = cut(text, '[Definition]\n', 'This will match').replace('[[09]+]', '\\[[0-9]+\\]')
      const [shown = ''] = /^authentication failure; rhost=.*$/m.exec(text) ?? []
      const jail = cut(text, '[proxmoxwebgui]\n', 'The above entry')
      const files = { 'jail.local': jail, 'filter.d/proxmoxwebgui.conf': filter }
      const lines = [0, 1, 2].map((second) => `Aug  1 ${clock(second)} pve1 pvedaemon[1234]: ${shown}`)
      expect(play(files, 'proxmoxwebgui', lines)).toEqual(['2 ban 10.10.10.10 3600'])
    })

    it('Proxmox wiki: the jail of jail.local is refused as one line, and runs line by line', () => {
      const text = document('2-proxmox-fail2ban-wiki-fr.txt')
      const jail = cut(text, '[sshd] #', '\n')
      expect(read({ 'jail.local': jail }).problems).toMatch(
        /jail\.local:1: jail sshd: option enabled stands on/,
      )
      const lines = jail
        .replace(/ (?=#|enabled|port =|logpath|backend)/g, '\n')
        .replace('#mode = normal\n', '#mode = normal\n')
      const { jails, problems } = read({ 'jail.local': lines })
      expect(problems).toBe('')
      expect(jails.find(({ name }) => name === 'sshd')?.settings.enabled).toBe(true)
      expect(play({ 'jail.local': lines }, 'sshd', [0, 1, 2, 3, 4].map(ssh))).toEqual([`4 ban ${IP} 3600`])
    })

    it('Proxmox wiki: one line each is refused, line by line it runs', () => {
      const text = document('2-proxmox-fail2ban-wiki-fr.txt')
      const jail = cut(text, '[proxmox] enabled', '\n')
      const filter = cut(text, '[Definition] failregex', '\n')
      const { problems } = read({ 'jail.d/proxmox.conf': jail, 'filter.d/proxmox.conf': filter })
      expect(problems).toMatch(/jail\.d\/proxmox\.conf:1: jail proxmox: option enabled stands on the line/)
      const lines = (part: string) =>
        part.replace(/ (?=\w+ = )/g, '\n').replace(' ignoreregex =', '\nignoreregex =')
      const files = { 'jail.d/proxmox.conf': lines(jail), 'filter.d/proxmox.conf': lines(filter) }
      expect(play(files, 'proxmox', [pve(0), pve(1), pve(2)])).toEqual([`2 ban ${IP} 3600`])
    })

    it('ProxMenux: its ban actions and its addresses that never count', () => {
      const text = document('3-proxmenux-fail2ban.txt')
      const { backend, troubleshoot } = JSON.parse(text.slice(0, text.lastIndexOf('}') + 1)) as Record<
        string,
        Record<string, string>
      >
      const [, ignoreip = ''] = /\n(ignoreip = .*)\n/.exec(troubleshoot?.['selfBanCode'] ?? '') ?? []
      const [nft = ''] = (backend?.['code'] ?? '').split('\n\n')
      const jail = `[DEFAULT]\n${ignoreip}\n${nft}\n[proxmox]\nenabled = true\nfilter = proxmox\nlogpath = /var/log/proxmox-auth.log\nbackend = auto\nport = 8006\nmaxretry = 3\n`
      const { jails, problems } = read({ 'jail.local': jail })
      expect(problems).toBe('')
      expect(jails.find(({ name }) => name === 'proxmox')).toMatchObject({
        ignoreip: ['127.0.0.1/8', '::1', '192.168.1.0/24', '203.0.113.42'],
        ports: { protocol: 'tcp', ports: [8006] },
      })
    })

    it('ProxMenux: the three jails of its table, with the fallback to iptables', () => {
      const text = document('3-proxmenux-fail2ban.txt')
      const { backend } = JSON.parse(text.slice(0, text.lastIndexOf('}') + 1)) as Record<
        string,
        Record<string, string>
      >
      const [, iptables = ''] = (backend?.['code'] ?? '').split('\n\n')
      const files = {
        'jail.local': `[DEFAULT]\nignoreip = 127.0.0.1/8 ::1\nignoreself = true\nbantime = 86400\nmaxretry = 2\nfindtime = 1800\nbackend = auto\n${iptables}\n[sshd]\nenabled = true\nfilter = sshd[mode=aggressive]\nport = ssh\nlogpath = /var/log/ssh-auth.log\nmaxretry = 2\nfindtime = 60m\nbantime = 9h\n`,
        'jail.d/proxmox.conf':
          '[proxmox]\nenabled = true\nport = 8006\nfilter = proxmox\nlogpath = /var/log/proxmox-auth.log\nmaxretry = 3\nfindtime = 10m\nbantime = 1h\n',
        'jail.d/proxmenux.conf':
          '[proxmenux]\nenabled = true\nport = 8008,http,https\nfilter = proxmenux\nlogpath = /var/log/proxmenux-auth.log\nmaxretry = 3\nfindtime = 10m\nbantime = 1h\n',
        'filter.d/proxmenux.conf':
          '[Definition]\nfailregex = ^.*proxmenux-auth: authentication failure; rhost=<HOST> user=.*$\nignoreregex =\n',
      }
      expect(read(files).problems).toBe('')
      expect(play(files, 'sshd', [ssh(0), ssh(3_000)])).toEqual([`3000 ban ${IP} 32400`])
      expect(play(files, 'proxmox', [pve(0), pve(1), pve(2)])).toEqual([`2 ban ${IP} 3600`])
      const monitor = [0, 1, 2].map(
        (second) =>
          `2026-08-01 ${clock(second)} proxmenux-auth: authentication failure; rhost=${IP} user=root`,
      )
      expect(play(files, 'proxmenux', monitor)).toEqual([`2 ban ${IP} 3600`])
    })

    it('SSH and beyond: the line and the expression of its introduction, and the third line for xmlrpc', () => {
      const text = document('4-ssh-and-beyond.txt')
      const [shown = ''] = /^sshd\[5888\]: .*$/m.exec(text) ?? []
      const [expression = ''] = /^\^%\(__prefix_line\)s.*$/m.exec(text) ?? []
      const own = {
        'jail.local': '[own]\nenabled = true\nlogpath = /var/log/auth.log\nmaxretry = 1\nbantime = 600\n',
        'filter.d/own.conf': `[INCLUDES]\nbefore = common.conf\n[Definition]\n_daemon = sshd\nfailregex = ${expression}\n`,
      }
      expect(play(own, 'own', [`Aug  1 ${clock(0)} host ${shown}`])).toEqual(['0 ban 95.103.229.227 600'])
      const rest = text.slice(text.indexOf('Bonus'))
      const blog = {
        'jail.local': cut(text, '[nginx-wordpress-login]', 'The above says'),
        'filter.d/nginx-wordpress-login.local': cut(rest, '[INCLUDES]', 'The above content'),
      }
      const lines = [web(0, 'POST /xmlrpc.php'), web(9, 'POST /xmlrpc.php')]
      expect(play(blog, 'nginx-wordpress-login', lines)).toEqual([`9 ban ${IP} 86400`])
    })

    it('SSH and beyond: who was banned as a repeat offender is not counted as one again', () => {
      const text = document('4-ssh-and-beyond.txt')
      const filter = cut(text, '[Definition]\nfailregex = fail2ban', 'Below')
        .replace(']Unban', '] Unban')
        .replace(':(NOTICE', ': (NOTICE')
      const files = {
        'jail.local': cut(text, '[repeat-offender]\n', 'Update'),
        'filter.d/repeat-offender.local': filter,
      }
      const own = lifted(0).replace('[sshd]', '[repeat-offender]')
      expect(play(files, 'repeat-offender', [own, lifted(1), lifted(2)])).toEqual([])
      expect(play(files, 'repeat-offender', [lifted(0), lifted(1), lifted(2)])).toHaveLength(1)
    })

    it('SSH and beyond: blog and repeat offenders', () => {
      const text = document('4-ssh-and-beyond.txt')
      const blog = {
        'jail.local': cut(text, '[nginx-wordpress-login]', 'The above says'),
        'filter.d/nginx-wordpress-login.local': cut(text, '[INCLUDES]', 'Bonus'),
      }
      const lines = [web(0, 'GET /wp-login.php'), web(9, 'POST /wp-login.php')]
      expect(play(blog, 'nginx-wordpress-login', lines)).toEqual([`9 ban ${IP} 86400`])
      const jail = cut(text, '[repeat-offender]\n', 'Update')
      const filter = cut(text, '[Definition]\nfailregex = fail2ban', 'Below')
      expect(read({ 'jail.local': jail, 'filter.d/repeat-offender.local': filter }).problems).toMatch(
        /repeat-offender\.local:2: jail repeat-offender: .*a blank was lost/,
      )
      const files = {
        'jail.local': jail,
        'filter.d/repeat-offender.local': filter.replace(']Unban', '] Unban'),
      }
      expect(play(files, 'repeat-offender', [lifted(0), lifted(1), lifted(2)])).toEqual([
        `2 ban ${IP} 172800`,
      ])
    })

    it('SME server: its jail.conf, line by line', () => {
      const text = document('5-sme-server-contrib.txt')
      const jails = cut(text, '[DEFAULT] ignoreip', 'With many thanks')
      expect(read({ 'jail.conf': jails }).problems).toContain(
        'jail ssh: option enabled stands on the line of [ssh]',
      )
      const lines = jails
        .replace(/(?<=\]) (?=\w+ = )| (?=\w+ = )/g, '\n')
        .replace(/\] smeserver/g, ']\n  smeserver')
      const { jails: read5, problems } = read({ 'jail.conf': lines })
      expect(read5.find(({ name }) => name === 'ssh')).toMatchObject({
        ports: { protocol: 'tcp', ports: [22] },
        settings: { enabled: true, maxretry: 3, findtime: 900, bantime: 1_800 },
      })
      expect(read5.find(({ name }) => name === 'pam-generic')?.ports.ports).toBe('all')
      expect(problems).not.toMatch(/there is no filter\.d\/(?!recidive)/)
      expect(problems).toMatch(/jail ssh: action 'smeserver-sendmail' is not carried out/)
      expect(problems).toMatch(/ignoreip '192\.168\.XXX\.0\/24'/)
      const enabled = read5.filter(({ settings }) => settings.enabled).map(({ name }) => name)
      expect(enabled).toEqual(
        expect.arrayContaining([
          ...['ssh', 'ssh-ddos', 'qpsmtpd', 'http-overflows', 'http-noscript', 'http-scan', 'http-auth'],
          'pam-generic',
        ]),
      )
      const files = { 'jail.conf': lines }
      const httpd = (second: number) =>
        `[Sat Aug 01 ${clock(second)} 2026] [error] [client ${IP}] user bob: authentication failure for "/x": Password Mismatch`
      const refused = (second: number) =>
        `2026-08-01 ${clock(second)} 4711 (deny) logging::logterse: \` ${IP}\tunknown\tx\t<a@example.com>\t<b@example.org>\tdnsbl\t903\tlisted\tmsg denied before queued`
      expect(play(files, 'ssh', [0, 1, 2].map(ssh))).toEqual([`2 ban ${IP} 1800`])
      expect(play(files, 'http-auth', [0, 1, 2].map(httpd))).toEqual([`2 ban ${IP} 1800`])
      const nine = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(refused)
      expect(play(files, 'qpsmtpd', nine)).toEqual([`8 ban ${IP} 1800`])
      expect(play(files, 'qpsmtpd', nine.slice(1))).toEqual([])
    })
  },
)

import { existsSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasDebian } from './apt-sources.ts'
import { effectiveOf, levelOf, rateOf, secondsOf, storageOf } from './journald-conf.ts'
import { SystemLab } from './lab.ts'
import { look } from './look.ts'
import { runProgram } from './run.ts'
import { globalOf, settingsOf } from './sshd-conf.ts'

const journal = (...lines: string[]) => [{ path: '/a', text: `[Journal]\n${lines.join('\n')}\n` }]

describe('what journald is told', () => {
  it.each([
    [['MaxLevelStore=info'], 'info'],
    [['MaxLevelStore = err', 'MaxLevelStore=warning'], 'warning'],
    [['MaxLevelStore=err', 'MaxLevelStore='], undefined],
    [['#MaxLevelStore=err', '; MaxLevelStore=err'], undefined],
    [['[Other]', 'MaxLevelStore=err'], undefined],
    [['MaxLevelStore=\\', 'err'], 'err'],
  ])('is read from %j', (lines, value) => {
    expect(effectiveOf(journal(...lines), 'MaxLevelStore')?.value).toBe(value)
  })

  it.each([
    [['RateLimitBurst=0'], null],
    [['RateLimitIntervalSec=0'], null],
    [[], { interval: 30, burst: 10_000 }],
    [['RateLimitInterval=1min 30s', 'RateLimitBurst=2K'], { interval: 90, burst: 2_048 }],
    [['RateLimitIntervalSec=500ms'], { interval: 0.5, burst: 10_000 }],
    [['RateLimitBurst=much', 'RateLimitIntervalSec=soon'], { interval: 30, burst: 10_000 }],
  ])('limits by %j to %j', (lines, rate) => expect(rateOf(journal(...lines))).toEqual(rate))

  it.each([
    ['info', 6],
    ['3', 3],
    ['loud', null],
    ['8', null],
  ])('takes the level %s as %s', (text, level) => expect(levelOf(text)).toBe(level))

  it.each([
    ['', null],
    ['5 parsecs', null],
    ['2m', 120],
    ['1h 1s', 3_601],
  ])('takes the span %j as %s', (text, seconds) => expect(secondsOf(text)).toBe(seconds))

  it('stores by a word that it knows', () => {
    expect(['Volatile', 'none', 'often'].map((word) => storageOf(journal(`Storage=${word}`)))).toEqual([
      'volatile',
      'none',
      'auto',
    ])
  })

  const hasTool = existsSync('/usr/bin/systemd-analyze')
  it.skipIf(!hasTool)(
    `is read from the files that systemd-analyze names${hasTool ? '' : ' (systemd is not installed)'}`,
    async () => {
      await using lab = await SystemLab.open()
      await lab.write('usr/lib/systemd/journald.conf.d/10-a.conf', '[Journal]\nMaxLevelStore=err\n')
      await lab.write('etc/systemd/journald.conf.d/10-a.conf', '[Journal]\nMaxLevelStore=crit\n')
      await lab.write('run/systemd/journald.conf.d/05-b.conf', '[Journal]\nMaxLevelStore=info\n')
      await lab.write('usr/lib/systemd/journald.conf.d/90-c.conf', '[Journal]\nMaxLevelStore=emerg\n')
      await mkdir(join(lab.root, 'etc/systemd/journald.conf.d'), { recursive: true })
      await symlink('/dev/null', join(lab.root, 'etc/systemd/journald.conf.d/90-c.conf'))
      const told = await runProgram([
        'systemd-analyze',
        `--root=${lab.root}`,
        'cat-config',
        '--no-pager',
        'systemd/journald.conf',
      ])
      expect(told.code, told.output).toBe(0)
      const named = [...told.output.matchAll(/^# (\/.*\.conf)$/gm)].map(([, path]) => path)
      const { journald } = await look(lab.places())
      if (!journald.ok) throw new Error(journald.reason)
      expect(journald.value.files.filter(({ text }) => text !== '').map(({ path }) => path)).toEqual(
        named.filter((path) => !path?.endsWith('90-c.conf')),
      )
      expect(effectiveOf(journald.value.files, 'MaxLevelStore')?.value).toBe('crit')
    },
  )
})

describe('what sshd is told', () => {
  const TABLE = [
    ['its first value', 'MaxAuthTries 4\nMaxAuthTries 5\n', {}, '4'],
    ['none', '#MaxAuthTries 4\n', {}, undefined],
    ['one behind a Match', 'Match User nobody\nMaxAuthTries 4\n', {}, undefined],
    ['one behind Match all', 'Match User nobody\nPermitTTY no\nMatch all\nMaxAuthTries 4\n', {}, '4'],
    ['one with = and quotes', 'maxauthtries="4"\n', {}, '4'],
    [
      'one in front of an include',
      'MaxAuthTries 5\nInclude d/*.conf\n',
      { 'a.conf': 'MaxAuthTries 4\n' },
      '5',
    ],
    [
      'one of an include',
      'Include d/*.conf\nMaxAuthTries 5\n',
      { 'b.conf': 'MaxAuthTries 4\n', 'c.conf': 'MaxAuthTries 2\n' },
      '4',
    ],
    [
      'an include whose Match ends with it',
      'Include d/*.conf\nMaxAuthTries 5\n',
      { 'a.conf': 'Match User nobody\nMaxAuthTries 4\n' },
      '5',
    ],
  ] as const

  it.each(TABLE)('is %s', (_, text, more, value) => {
    const texts = new Map([['/main', text as string], ...Object.entries(more)])
    const files = { main: '/main', texts, includes: new Map([['d/*.conf', Object.keys(more)]]) }
    expect(globalOf(settingsOf(files), 'maxauthtries')?.value).toBe(value)
  })

  const hasSshd = existsSync('/usr/sbin/sshd')
  it.skipIf(!hasSshd).each(TABLE)(
    `is %s, as sshd itself says${hasSshd ? '' : ' (sshd is not installed)'}`,
    async (_, text, more, value) => {
      await using lab = await SystemLab.open()
      for (const [name, each] of Object.entries(more)) await lab.write(`etc/ssh/d/${name}`, each as string)
      const key = `HostKey ${lab.root}/etc/ssh/key\n`
      await lab.write('etc/ssh/sshd_config', key + text.replace('d/', `${lab.root}/etc/ssh/d/`))
      const at = `${lab.root}/etc/ssh/sshd_config`
      const told = await runProgram([
        '/usr/sbin/sshd',
        '-T',
        '-f',
        at,
        '-C',
        'user=root,host=h,addr=192.0.2.1',
      ])
      expect(told.code, told.output).toBe(0)
      expect(/^maxauthtries (\d+)$/m.exec(told.output)?.[1]).toBe(value ?? '6')
      const { sshd } = await look(lab.places())
      expect(sshd.ok && sshd.value && globalOf(sshd.value.settings, 'maxauthtries')?.value).toBe(value)
    },
  )
})

describe('sources of packages', () => {
  const DEB822 =
    'Types: deb\nURIs: https://mirror.example/debian/\nSuites: trixie trixie-updates\nComponents: main\n'
  it.each([
    ['sources.list', 'deb http://deb.debian.org/debian trixie main\n', true],
    [
      'sources.list',
      'deb [arch=amd64 signed-by=/x] https://ftp.de.debian.org/debian/ stable contrib main\n',
      true,
    ],
    ['sources.list', '# deb http://deb.debian.org/debian trixie main\n', false],
    ['sources.list', 'deb http://deb.debian.org/debian bookworm main\n', false],
    ['sources.list', 'deb-src http://deb.debian.org/debian trixie main\n', false],
    ['pve.list', 'deb http://download.proxmox.com/debian/pve trixie pve-no-subscription\n', false],
    ['security.list', 'deb http://security.debian.org/debian-security trixie-security main\n', false],
    ['debian.sources', DEB822, true],
    ['debian.sources', `Enabled: no\n${DEB822}`, false],
    ['debian.sources', `Types: deb\nURIs: x\n\n# other\n${DEB822}`, true],
    ['debian.sources', DEB822.replace('trixie trixie-updates', '\n trixie-updates\n trixie'), true],
    ['debian.sources', '', false],
  ])('in %s: %j are those of Debian: %s', (path, text, has) => {
    expect(hasDebian({ sources: [{ path, text }], id: 'debian', codename: 'trixie' })).toBe(has)
  })
})

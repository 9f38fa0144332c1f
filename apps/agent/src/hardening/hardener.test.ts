import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SystemLab } from './lab.ts'
import { Hardener } from './hardener.ts'
import { systemClock } from '@warder/daemon'

const hasSshd = existsSync('/usr/sbin/sshd')
const RESTART = 'systemctl restart systemd-journald.service'
const RELOAD = 'systemctl reload ssh.service'

describe.skipIf(!hasSshd)(`hardening${hasSshd ? '' : ' (sshd is not installed)'}`, () => {
  let lab: SystemLab
  beforeEach(async () => {
    lab = await SystemLab.open()
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  it('finds nothing but the tries of sshd on a system as Debian ships it', async () => {
    const findings = await lab.hardener.list()
    expect(findings.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'journald-level fine',
      'journald-rate fine',
      'journald-storage fine',
      'sshd-tries found',
      'sshd-root-password fine',
      'debian-repository fine',
      'clock fine',
      'pve-firewall fine',
      'fail2ban fine',
    ])
  })

  const JOURNALD = 'etc/systemd/journald.conf.d'
  it.each([
    [
      'journald-level',
      [[`${JOURNALD}/proxmenux.conf`, '[Journal]\nMaxLevelStore=warning\n']],
      `${JOURNALD}/zz-warder-level.conf`,
      'MaxLevelStore=info\n',
      [RESTART],
    ],
    [
      'journald-level',
      [
        ['etc/systemd/journald.conf', '[Journal]\nMaxLevelStore=notice\nMaxLevelSyslog=warning\n'],
        ['usr/sbin/rsyslogd', ''],
      ],
      `${JOURNALD}/zz-warder-level.conf`,
      'MaxLevelStore=info\nMaxLevelSyslog=info\n',
      [RESTART],
    ],
    [
      'journald-rate',
      [['etc/systemd/journald.conf', '[Journal]\nRateLimitInterval=30s\nRateLimitBurst=1000\n']],
      `${JOURNALD}/zz-warder-rate.conf`,
      'RateLimitIntervalSec=30s\nRateLimitBurst=10000\n',
      [RESTART],
    ],
    [
      'journald-storage',
      [['usr/lib/systemd/journald.conf.d/x.conf', '[Journal]\nStorage=volatile\n']],
      `${JOURNALD}/zz-warder-storage.conf`,
      'Storage=persistent\n',
      [RESTART, 'journalctl --flush'],
    ],
    ['sshd-tries', [], 'etc/ssh/sshd_config.d/00-warder.conf', 'MaxAuthTries 3\n', [RELOAD]],
  ] as const)('puts %s right and back to the byte (%#)', async (id, files, path, written, services) => {
    for (const [file, text] of files) await lab.write(file, text)
    const before = await lab.inventory()
    expect(await lab.state(id)).toBe('found')
    expect(await lab.hardener.apply(id)).toMatchObject({ ok: true })
    expect(await lab.text(path)).toContain(written)
    expect(lab.asked).toEqual(services)
    expect(await lab.state(id)).toBe('applied')
    expect(await lab.hardener.apply(id)).toMatchObject({ ok: true, said: 'It was put right before.' })
    // Another process takes it back: what was changed is on the disk.
    const later = new Hardener(lab.places(), systemClock)
    expect(await later.restore(id)).toEqual({ ok: true, said: 'It is as it was before.' })
    expect(await lab.inventory()).toEqual(before)
    expect(await lab.state(id)).toBe('found')
    expect(await later.restore(id)).toMatchObject({
      ok: true,
      said: 'There is nothing of ours to take back.',
    })
  })

  it('takes the store of the journal away with the setting, where there was none before', async () => {
    await rm(join(lab.root, 'var/log/journal'), { recursive: true })
    const before = await lab.inventory()
    expect(await lab.hardener.apply('journald-storage')).toMatchObject({ ok: true })
    await lab.write('var/log/journal/0123/system.journal', 'as journald would')
    await lab.hardener.restore('journald-storage')
    expect(await lab.inventory()).toEqual(before)
  })

  it.each([
    ['reads no drop-ins', 'MaxAuthTries 6\nMatch User bob\n  MaxAuthTries 9\n', false],
    ['reads them after its own value', 'Port 22\n', false],
  ])('puts a line in front of a configuration of sshd that %s', async (_, more, includes) => {
    await lab.sshd(more, includes)
    const before = await lab.inventory()
    expect(await lab.hardener.apply('sshd-tries')).toMatchObject({ ok: true })
    expect(await lab.text('etc/ssh/sshd_config')).toMatch(
      /^# Written by Warder[^\n]*\nMaxAuthTries 3\nHostKey/,
    )
    expect(await lab.state('sshd-tries')).toBe('applied')
    // What the operator does to the rest of the file stays.
    const edited = `${await lab.text('etc/ssh/sshd_config')}# mine\n`
    await lab.write('etc/ssh/sshd_config', edited, 0o600)
    expect(await lab.hardener.restore('sshd-tries')).toMatchObject({ ok: true })
    expect(await lab.text('etc/ssh/sshd_config')).toBe(edited.split('\n').slice(2).join('\n'))
    expect(before.length).toBe((await lab.inventory()).length)
  })

  it('is not stopped by an earlier drop-in that sets it', async () => {
    await lab.write('etc/ssh/sshd_config.d/00-a.conf', 'MaxAuthTries 8\n')
    expect(await lab.hardener.apply('sshd-tries')).toMatchObject({ ok: true })
    expect(await lab.text('etc/ssh/sshd_config')).toContain('MaxAuthTries 3')
    await lab.hardener.restore('sshd-tries')
    expect(await lab.text('etc/ssh/sshd_config')).not.toContain('MaxAuthTries')
  })

  it('leaves a file alone that somebody changed since, and says what it was before', async () => {
    await lab.hardener.apply('sshd-tries')
    await lab.write('etc/ssh/sshd_config.d/00-warder.conf', 'MaxAuthTries 2\n')
    expect(await lab.state('sshd-tries')).toBe('edited')
    const outcome = await lab.hardener.restore('sshd-tries')
    expect(outcome).toMatchObject({
      ok: false,
      message: expect.stringContaining('was changed since Warder wrote it'),
    })
    expect(await lab.text('etc/ssh/sshd_config.d/00-warder.conf')).toBe('MaxAuthTries 2\n')
    expect(await lab.hardener.apply('sshd-tries')).toMatchObject({ ok: false })
  })

  it('forgets what somebody took back by hand', async () => {
    await lab.hardener.apply('sshd-tries')
    await rm(join(lab.root, 'etc/ssh/sshd_config.d/00-warder.conf'))
    expect(await lab.state('sshd-tries')).toBe('found')
    expect(await lab.hardener.restore('sshd-tries')).toMatchObject({ ok: true })
    expect(await lab.hardener.restoreAll()).toEqual([])
  })

  it.each([
    [
      'sshd rejects its configuration already',
      (): Promise<void> => lab.sshd('Nonsense yes\n'),
      'sshd-tries',
      /Nonsense/,
    ],
    [
      'the reload fails',
      async (): Promise<void> => void lab.answers.set(RELOAD, { code: 1, output: 'no such job' }),
      'sshd-tries',
      /no such job/,
    ],
    [
      'a later drop-in counts more',
      (): Promise<void> => lab.write(`${JOURNALD}/zzz.conf`, '[Journal]\nMaxLevelStore=crit\n'),
      'journald-level',
      /zzz\.conf is read after all/,
    ],
    [
      'a file of our name is there',
      async () => {
        await lab.write(`${JOURNALD}/zz-warder-level.conf`, '[Journal]\nMaxLevelStore=err\n')
      },
      'journald-level',
      /is there already/,
    ],
    [
      'it is advice only',
      (): Promise<void> => lab.sshd('PermitRootLogin yes\n'),
      'sshd-root-password',
      /advice only/,
    ],
    ['it is fine', async () => {}, 'journald-level', /keeps lines of the level info/],
    ['it is unknown', async () => {}, '../x', /there is no finding/],
  ] as const)('changes nothing when %s', async (_, arrange, id, words) => {
    await arrange()
    const before = await lab.inventory()
    expect(await lab.hardener.apply(id)).toMatchObject({ ok: false, message: expect.stringMatching(words) })
    expect(await lab.inventory()).toEqual(before)
    expect(await lab.hardener.restoreAll()).toEqual([])
  })

  it('restores everything, the last change first', async () => {
    await lab.write(
      'etc/systemd/journald.conf',
      '[Journal]\nStorage=none\nMaxLevelStore=err\nRateLimitBurst=10\n',
    )
    const before = await lab.inventory()
    const ids = ['journald-level', 'journald-rate', 'journald-storage', 'sshd-tries']
    for (const id of ids) expect(await lab.hardener.apply(id)).toMatchObject({ ok: true })
    const restored = await lab.hardener.restoreAll()
    expect(restored.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    expect(restored.every(({ outcome }) => outcome.ok)).toBe(true)
    expect(await lab.inventory()).toEqual(before)
  })

  it('takes folders away that it had made before it was interrupted', async () => {
    await lab.write('etc/systemd/journald.conf', '[Journal]\nMaxLevelStore=err\n')
    const before = await lab.inventory()
    await lab.hardener.apply('journald-level')
    // As after a power cut between the record and the file.
    await rm(join(lab.root, JOURNALD, 'zz-warder-level.conf'))
    expect(await lab.state('journald-level')).toBe('found')
    expect(await lab.hardener.apply('journald-level')).toMatchObject({ ok: true })
    expect(await lab.hardener.restore('journald-level')).toMatchObject({ ok: true })
    expect(await lab.inventory()).toEqual(before)
  })

  it('does it once when it is asked twice at a time', async () => {
    await lab.sshd('MaxAuthTries 6\n', false)
    const before = await lab.inventory()
    const other = new Hardener(lab.places(), systemClock)
    const both = await Promise.all([lab.hardener.apply('sshd-tries'), other.apply('sshd-tries')])
    expect(both.map(({ ok }) => ok).toSorted()).toEqual([false, true])
    // A lock of a process that is gone holds nobody up.
    await writeFile(join(lab.places().records, 'lock'), '999999999')
    expect((await lab.text('etc/ssh/sshd_config')).match(/^MaxAuthTries 3$/gm)).toHaveLength(1)
    expect(await lab.hardener.restoreAll()).toMatchObject([{ id: 'sshd-tries', outcome: { ok: true } }])
    expect(await lab.inventory()).toEqual(before)
  })

  it('does not guess where its own record is broken', async () => {
    await mkdir(lab.places().records, { recursive: true })
    await writeFile(join(lab.places().records, 'sshd-tries.json'), '{')
    await expect(lab.hardener.list()).rejects.toThrow(/sshd-tries\.json is broken/)
  })

  it.each([
    ['sshd-root-password', (): Promise<void> => lab.sshd('PermitRootLogin yes\n')],
    [
      'debian-repository',
      (): Promise<void> =>
        lab.write(
          'etc/apt/sources.list',
          'deb http://download.proxmox.com/debian/pve trixie pve-no-subscription\n',
        ),
    ],
    [
      'clock',
      async (): Promise<void> =>
        void lab.answers.set('timedatectl show --property=NTP --property=NTPSynchronized', {
          code: 0,
          output: 'NTP=no\nNTPSynchronized=no',
        }),
    ],
    ['pve-firewall', (): Promise<void> => lab.write('usr/bin/pveversion', '')],
    [
      'fail2ban',
      async (): Promise<void> =>
        void lab.answers.set('systemctl is-active fail2ban.service', { code: 0, output: 'active' }),
    ],
  ] as const)('advises about %s', async (id, arrange) => {
    await arrange()
    const finding = (await lab.hardener.list()).find((each) => each.id === id)
    expect(finding).toMatchObject({ state: 'found', fix: null, undo: null })
    expect(finding?.byHand.length).toBeGreaterThan(0)
    expect(finding?.effect).not.toBe('')
  })

  it('says what it could not read, and goes on with the rest', async () => {
    lab.answers.set('timedatectl show --property=NTP --property=NTPSynchronized', {
      code: null,
      output: 'ENOENT',
    })
    lab.answers.set('systemctl is-active fail2ban.service', { code: 1, output: 'no bus' })
    expect(await lab.state('fail2ban')).toBe('unread')
    await rm(join(lab.root, 'etc/systemd/journald.conf'))
    await mkdir(join(lab.root, 'etc/systemd/journald.conf'))
    expect([
      await lab.state('clock'),
      await lab.state('journald-level'),
      await lab.state('sshd-tries'),
    ]).toEqual(['unread', 'unread', 'found'])
  })
})

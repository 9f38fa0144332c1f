import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { compileJail, NEVER_NOBODY } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { Replay } from '../../apps/agent/src/replay/replay.ts'
import { readConfiguration } from '../../packages/conf/src/configuration.ts'
import { UTC } from '../../packages/core/src/date/parse.ts'
import { makeRandom } from '../bench/random.ts'
import { readSampleLogs } from '../conformance/annotated.ts'
import type { LineRecord } from '../conformance/corpus.ts'
import { filesIn } from '../conformance/run.ts'
import { debianPackage, PACKAGE } from '../fail2ban/package.ts'
import { makeLog, type TimedLine } from './logs.ts'

/**
 * Jails of the package and the mode that their filter runs in; each filter has annotated samples in that mode. The jail
 * recidive is not among them: ours counts bans as they are made, and reads no log of them.
 */
const JAILS: readonly (readonly [jail: string, filter: string, mode?: string])[] = [
  ['sshd', 'sshd'],
  ['sshd-aggressive', 'sshd', 'aggressive'],
  ['dropbear', 'dropbear'],
  ['nginx-http-auth', 'nginx-http-auth'],
  ['nginx-limit-req', 'nginx-limit-req'],
  ['nginx-botsearch', 'nginx-botsearch'],
  ['nginx-bad-request', 'nginx-bad-request'],
  ['apache-auth', 'apache-auth'],
  ['apache-badbots', 'apache-badbots'],
  ['apache-botsearch', 'apache-botsearch'],
  ['apache-modsecurity', 'apache-modsecurity'],
  ['apache-nohome', 'apache-nohome'],
  ['apache-noscript', 'apache-noscript'],
  ['apache-overflows', 'apache-overflows'],
  ['apache-shellshock', 'apache-shellshock'],
  ['lighttpd-auth', 'lighttpd-auth'],
  ['php-url-fopen', 'php-url-fopen'],
  ['suhosin', 'suhosin'],
  ['roundcube-auth', 'roundcube-auth'],
  ['horde', 'horde'],
  ['drupal-auth', 'drupal-auth'],
  ['monit', 'monit'],
  ['webmin-auth', 'webmin-auth'],
  ['squid', 'squid'],
  ['3proxy', '3proxy'],
  ['proftpd', 'proftpd'],
  ['pure-ftpd', 'pure-ftpd'],
  ['vsftpd', 'vsftpd'],
  ['wuftpd', 'wuftpd'],
  ['courier-auth', 'courier-auth'],
  ['courier-smtp', 'courier-smtp'],
  ['postfix', 'postfix', 'more'],
  ['sendmail-auth', 'sendmail-auth'],
  ['sendmail-reject', 'sendmail-reject'],
  ['qmail-rbl', 'qmail'],
  ['dovecot', 'dovecot'],
  ['sieve', 'sieve'],
  ['solid-pop3d', 'solid-pop3d'],
  ['exim', 'exim'],
  ['exim-spam', 'exim-spam'],
  ['cyrus-imap', 'cyrus-imap'],
  ['uwimap-auth', 'uwimap-auth'],
  ['named-refused', 'named-refused'],
  ['nsd', 'nsd'],
  ['asterisk', 'asterisk'],
  ['freeswitch', 'freeswitch'],
  ['mysqld-auth', 'mysqld-auth'],
  ['mongodb-auth', 'mongodb-auth'],
  ['pam-generic', 'pam-generic'],
  ['ejabberd-auth', 'ejabberd-auth'],
  ['perdition', 'perdition'],
  ['stunnel', 'stunnel'],
  ['nagios', 'nagios'],
  ['haproxy-http-auth', 'haproxy-http-auth'],
  ['slapd', 'slapd'],
  ['gitlab', 'gitlab'],
  ['grafana', 'grafana'],
  ['bitwarden', 'bitwarden'],
]
/** Jails beside those of the package. */
const MORE_JAILS = '[sshd-aggressive]\nfilter = sshd[mode=aggressive]\nlogpath = /log\n'
const SEEDS = [1, 2]
const LENGTH = 300

/** Seconds, address and failures of each ban. */
type Bans = readonly (readonly [number, string, number])[]

interface Job {
  readonly title: string
  readonly jail: string
  readonly lines: readonly TimedLine[]
}

const hasPython = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0
const debian = hasPython ? debianPackage() : null

function jobsOf(records: readonly LineRecord[]): readonly Job[] {
  return JAILS.flatMap(([jail, filter, mode = 'normal']) => {
    const own = records.filter(
      (record) =>
        record.filter === filter &&
        record.source === 'file' &&
        (record.options['mode'] ?? mode) === mode &&
        record.options['logtype'] === undefined,
    )
    return SEEDS.flatMap((seed): Job[] => {
      const lines = makeLog(own, makeRandom(seed * 7_919 + jail.length), LENGTH)
      return lines === null ? [] : [{ title: `${jail}, log ${seed}`, jail, lines }]
    })
  })
}

/** A copy of the package's configuration with our own jails in it. */
function configurationOf(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'warder-differential-'))
  cpSync(join(folder, PACKAGE.config), copy, { recursive: true })
  writeFileSync(join(copy, 'jail.local'), MORE_JAILS)
  return copy
}

function theirBans(
  folder: string,
  config: string,
  jobs: readonly Job[],
): readonly ({ bans: Bans } | { error: string })[] {
  const input = JSON.stringify({
    library: join(folder, PACKAGE.library),
    config,
    jobs: jobs.map(({ jail, lines }) => ({ jail, lines })),
  })
  const script = join(import.meta.dirname, 'engine.py')
  return JSON.parse(execFileSync('python3', [script], { input, maxBuffer: 64 * 1024 * 1024 }).toString())
}

function ourBans(files: ReadonlyMap<string, string>, { jail, lines }: Job): Bans {
  const local = `[${jail}]\nenabled = true\nbackend = polling\nlogpath = /log\n`
  const { jails } = readConfiguration([
    { name: '/etc/fail2ban', files },
    { name: 'local', files: new Map([['jail.d/local.local', local]]) },
  ])
  const definition = jails.find(({ name }) => name === jail)
  if (definition === undefined) throw new Error(`no jail ${jail}`)
  const compiled = compileJail(definition)
  if (!compiled.ok) throw new Error(compiled.problems.join('\n'))
  const never = NEVER_NOBODY
  const now = ((lines.at(-1)?.[0] ?? 0) + 1) * 1000
  const replay = new Replay({ jails: [compiled.jail], never, zone: UTC, now })
  return lines
    .flatMap(([, text]) => replay.follow(replay.find({ source: '/log', text, readAt: now })))
    .filter(({ action }) => action === 'ban')
    .map(({ at, ip, failures }) => [at / 1000, ip, failures] as const)
}

describe('generated logs give the same bans as in fail2ban', () => {
  if (debian === null) {
    it.skip("by fail2ban's own engine (skipped: needs python3 and Debian's package)")
    return
  }
  const jobs = jobsOf(readSampleLogs(join(debian, PACKAGE.logs)))
  const config = configurationOf(debian)
  const theirs = theirBans(debian, config, jobs)
  const files = filesIn(config)
  rmSync(config, { recursive: true })
  const jails = new Set(jobs.map(({ jail }) => jail))

  it(`for ${jails.size} of ${JAILS.length} jails, whose samples can be filled in`, () => {
    expect(jails.size).toBeGreaterThanOrEqual(40)
    const bans = theirs.flatMap((outcome) => ('bans' in outcome ? outcome.bans : []))
    expect(bans.length).toBeGreaterThan(jobs.length)
  })

  const compared = jobs.map((job, at) => ({
    ...job,
    ours: { bans: ourBans(files, job) },
    theirs: theirs[at],
  }))
  const same = compared.filter((each) => isDeepStrictEqual(each.ours, each.theirs))
  it(`in ${same.length} of ${jobs.length} logs`, () => {
    expect(same.length).toBe(jobs.length)
  })

  it.each(compared)('$title', (each) => {
    expect(each.ours).toEqual(each.theirs)
  })
})

import { hasDebian } from './apt-sources.ts'
import { judgeLevel, judgeRate, judgeStorage } from './judge-journald.ts'
import type { AptSeen, ClockSeen, Part, PveSeen, Seen, SshdSeen } from './seen.ts'
import { globalOf } from './sshd-conf.ts'
import { amiss, fine, unread, type Verdict } from './verdict.ts'

/** The value that is advised, and that of sshd where none is set. */
export const MAX_AUTH_TRIES = 3
const SSHD_DEFAULT_TRIES = 6

/** Everything that is looked at, in the order in which it is told. */
export const FINDINGS = [
  'journald-level',
  'journald-rate',
  'journald-storage',
  'sshd-tries',
  'sshd-root-password',
  'debian-repository',
  'clock',
  'pve-firewall',
  'fail2ban',
] as const
export type FindingId = (typeof FINDINGS)[number]

/** What was read → what is to be thought of it. */
export function judge(id: FindingId, seen: Seen): Verdict {
  switch (id) {
    case 'journald-level':
      return of(seen.journald, judgeLevel)
    case 'journald-rate':
      return of(seen.journald, judgeRate)
    case 'journald-storage':
      return of(seen.journald, judgeStorage)
    case 'sshd-tries':
      return of(seen.sshd, judgeTries)
    case 'sshd-root-password':
      return of(seen.sshd, judgeRootPassword)
    case 'debian-repository':
      return of(seen.apt, judgeRepository)
    case 'clock':
      return of(seen.clock, judgeClock)
    case 'pve-firewall':
      return of(seen.pve, judgePve)
    case 'fail2ban':
      return of(seen.fail2ban, judgeFail2ban)
  }
}

const of = <T>(part: Part<T>, verdict: (value: T) => Verdict): Verdict =>
  part.ok ? verdict(part.value) : unread(part.reason)

function judgeTries(sshd: SshdSeen | null): Verdict {
  if (sshd === null) return fine('There is no sshd here.')
  const found = globalOf(sshd.settings, 'maxauthtries')
  const tries = found === null || !/^\d+$/.test(found.value) ? SSHD_DEFAULT_TRIES : Number(found.value)
  const matched = sshd.settings.find(
    ({ keyword, isGlobal, value }) =>
      keyword === 'maxauthtries' && !isGlobal && Number(value) > MAX_AUTH_TRIES,
  )
  const besides =
    matched === undefined ? '' : ` For some, by a Match in ${matched.path}, it is ${matched.value}.`
  if (tries <= MAX_AUTH_TRIES)
    return fine(`sshd takes ${tries} tries in one connection (${found?.path}).${besides}`)
  return amiss(
    `sshd takes ${tries} tries in one connection${found === null ? ', its default' : ` (${found.path})`}.${besides}`,
    'One connection is enough for many guesses before the address can be banned.',
  )
}

function judgeRootPassword(sshd: SshdSeen | null): Verdict {
  if (sshd === null) return fine('There is no sshd here.')
  const root = globalOf(sshd.settings, 'permitrootlogin')?.value.toLowerCase() ?? 'prohibit-password'
  const passwords = globalOf(sshd.settings, 'passwordauthentication')?.value.toLowerCase() ?? 'yes'
  if (root !== 'yes' || passwords === 'no') return fine('root cannot log in by ssh with a password.')
  return amiss(
    'root may log in by ssh with a password: PermitRootLogin yes, PasswordAuthentication not no.',
    'The password of root can be guessed from anywhere; a ban only slows that down.',
  )
}

function judgeRepository(apt: AptSeen): Verdict {
  if (apt.id !== 'debian' || apt.codename === '') return fine('This is not Debian.')
  if (hasDebian(apt)) return fine(`apt has packages of Debian ${apt.codename}.`)
  return amiss(
    `apt has no source with the main part of Debian ${apt.codename}.`,
    'Packages such as nftables cannot be installed, and Debian cannot be kept up to date.',
  )
}

function judgeClock({ synchronized, service }: ClockSeen): Verdict {
  if (synchronized) return fine('The clock is kept right over the network.')
  return amiss(
    service
      ? 'A time service is on, but the clock is not synchronized.'
      : 'No service keeps the clock right over the network.',
    'With a wrong clock bans of other nodes begin and end at the wrong time, and codes of a second factor fail.',
  )
}

function judgePve(pve: PveSeen): Verdict {
  if (pve === null) return fine('This is no Proxmox VE node.')
  const isOn = option(pve.cluster, 'enable') === '1' && option(pve.host, 'enable') !== '0'
  const mode =
    option(pve.host, 'nftables') === '1' ? 'nftables (proxmox-firewall)' : 'iptables (pve-firewall)'
  if (isOn)
    return fine(`The firewall of Proxmox is on, by ${mode}. Bans stand beside it, in a table of their own.`)
  return amiss(
    `The firewall of Proxmox is off for this node (it would be ${mode}).`,
    'Bans work all the same. But whoever is not banned reaches every port of the node.',
  )
}

/** A value in the section [OPTIONS]. */
function option(text: string, key: string): string | null {
  let isOptions = false
  for (const line of text.split('\n')) {
    if (/^\s*\[/.test(line)) isOptions = /^\s*\[OPTIONS\]/i.test(line)
    const [, name, value] = /^\s*([a-z_]+)\s*:\s*(\S+)/.exec(line) ?? []
    if (isOptions && name === key) return value ?? null
  }
  return null
}

function judgeFail2ban(isRunning: boolean): Verdict {
  if (!isRunning) return fine('fail2ban does not run.')
  return amiss(
    'fail2ban runs beside Warder.',
    'Both read the same logs and ban on their own: an address that one lets in again may still be banned by the other, which `warder status` cannot show.',
  )
}

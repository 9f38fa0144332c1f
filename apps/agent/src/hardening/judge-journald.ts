import { dropsLogins, effectiveOf, RATE, rateOf, storageOf } from './journald-conf.ts'
import type { JournaldSeen } from './seen.ts'
import { amiss, fine, type Verdict } from './verdict.ts'

/** Whether lines of logins reach the journal, and rsyslog where there is one. */
export function judgeLevel({ files, hasRsyslog }: JournaldSeen): Verdict {
  const dropping = levelsToRaise({ files, hasRsyslog }).map((key) => {
    const found = effectiveOf(files, key)
    return `${key}=${found?.value} in ${found?.path}`
  })
  if (dropping.length === 0) return fine('journald keeps lines of the level info, as those of logins are.')
  return amiss(
    `journald drops lines below a level: ${dropping.join(', ')}.`,
    'Failed logins of sshd are of the level info: they are never stored, so nobody is ever banned for them.',
  )
}

/** The keys that drop lines of logins. What goes to syslog matters only where rsyslog reads it. */
export function levelsToRaise({
  files,
  hasRsyslog,
}: Pick<JournaldSeen, 'files' | 'hasRsyslog'>): readonly string[] {
  const keys = hasRsyslog ? ['MaxLevelStore', 'MaxLevelSyslog'] : ['MaxLevelStore']
  return keys.filter((key) => dropsLogins(effectiveOf(files, key)))
}

/** Whether a flood of lines is kept as far as systemd would keep it by itself. */
export function judgeRate({ files }: JournaldSeen): Verdict {
  const rate = rateOf(files)
  if (rate === null) return fine('journald keeps every line, however many there are.')
  const said = `${rate.burst} lines of a service in ${rate.interval} s`
  if (rate.burst / rate.interval >= RATE.burst / 30) return fine(`journald keeps ${said}.`)
  const path = (
    effectiveOf(files, 'RateLimitBurst') ?? effectiveOf(files, 'RateLimitIntervalSec', 'RateLimitInterval')
  )?.path
  return amiss(
    `journald keeps ${said} and drops the rest, by ${path}; by itself it would keep ${RATE.burst} in ${RATE.interval}.`,
    'An attack that writes much is stored in part only: whoever is in the other part is not banned.',
  )
}

/** Whether the journal outlives a restart of the machine. */
export function judgeStorage({ files, hasStore }: JournaldSeen): Verdict {
  const storage = storageOf(files)
  if (storage === 'none')
    return amiss(
      'journald stores nothing: Storage=none.',
      'Nothing that is read from the journal can be found: nobody is banned.',
    )
  if (storage === 'persistent' || (storage === 'auto' && hasStore))
    return fine('The journal is kept on the disk.')
  return amiss(
    storage === 'volatile'
      ? 'The journal is kept in memory only: Storage=volatile.'
      : 'The journal is kept in memory only: Storage=auto, and there is no /var/log/journal.',
    'With a restart of the machine all lines are gone: what happened before cannot be looked at, and lines that the agent had not read are lost.',
  )
}

import type { FindingId } from './judge.ts'
import { MAX_AUTH_TRIES } from './judge.ts'
import { levelsToRaise } from './judge-journald.ts'
import { effectiveOf, RATE, type ConfFile } from './journald-conf.ts'
import { JOURNALD_FOLDER, SSHD_DROP_IN } from './places.ts'
import type { Seen } from './seen.ts'

/** What is told in front of all that we write. */
const REMARK = '# Written by Warder; taken back by: warder harden restore'

/** A change of one file. */
export interface Plan {
  /** Inside the system, without a slash in front; null: the main file of sshd, wherever it is. */
  readonly path: string | null
  /** The whole of a file of our own, or (`front`) what is put in front of one that is there. */
  readonly kind: 'whole' | 'front'
  readonly content: string
  readonly service: 'journald' | 'sshd'
}

/** What there is to change, or why that would not help; null: there is nothing that we would do. */
export type Planned =
  { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly reason: string } | null

/** What was read → what to change for a finding. */
export function planFor(id: FindingId, { journald, sshd }: Seen): Planned {
  if (id === 'journald-level' && journald.ok)
    return dropIn(
      id,
      journald.value.files,
      levelsToRaise(journald.value).map((key) => [key, 'info']),
    )
  if (id === 'journald-rate' && journald.ok)
    return dropIn(id, journald.value.files, [
      ['RateLimitIntervalSec', RATE.interval],
      ['RateLimitBurst', String(RATE.burst)],
    ])
  if (id === 'journald-storage' && journald.ok)
    return dropIn(id, journald.value.files, [['Storage', 'persistent']])
  if (id === 'sshd-tries' && sshd.ok && sshd.value !== null) {
    const content = `${REMARK} sshd-tries\nMaxAuthTries ${MAX_AUTH_TRIES}\n`
    return {
      ok: true,
      plan: sshd.value.dropInWins
        ? { path: SSHD_DROP_IN, kind: 'whole', content, service: 'sshd' }
        : { path: null, kind: 'front', content, service: 'sshd' },
    }
  }
  return null
}

/** A file that is read after all others, unless one of them is named to come even later. */
function dropIn(
  id: FindingId,
  files: readonly ConfFile[],
  values: readonly (readonly [string, string])[],
): Planned {
  const name = `zz-warder-${id.replace('journald-', '')}.conf`
  const later = values
    .map(([key]) => effectiveOf(files, key)?.path ?? '')
    .find((path) => path.includes('journald.conf.d/') && (path.split('/').at(-1) ?? '') > name)
  if (later !== undefined)
    return { ok: false, reason: `${later} is read after all that we could write: change it there` }
  const lines = values.map(([key, value]) => `${key}=${value}\n`).join('')
  return {
    ok: true,
    plan: {
      path: `${JOURNALD_FOLDER}/${name}`,
      kind: 'whole',
      content: `${REMARK} ${id}\n[Journal]\n${lines}`,
      service: 'journald',
    },
  }
}

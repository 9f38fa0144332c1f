import type { Logger } from '@warder/daemon'
import type { Backends, EnforcingBackend } from '../state/backends.ts'
import type { Firewall } from './firewall.ts'

interface Parts {
  readonly backends: Backends
  /** The one that enforces now. */
  readonly firewall: Firewall
  /** It does not, right now. */
  readonly isInTrouble: boolean
  readonly choose: (backend: EnforcingBackend) => Promise<Firewall>
  readonly log: Logger
}

/**
 * Takes down what earlier runs enforced with another backend: nobody would lift those bans, and some of them have no end.
 * What cannot be taken down is tried again by the next start; so is all of it where nothing takes its place yet.
 */
export async function endFormer({ backends, firewall, isInTrouble, choose, log }: Parts): Promise<void> {
  if (isInTrouble) return
  const { backend: now } = firewall.report()
  for (const backend of backends.all().filter((each) => each !== now)) {
    try {
      await using former = await choose(backend)
      await former.remove()
      backends.forget(backend)
      log.info({ backend }, 'bans were enforced with another firewall before: taken out there')
    } catch (err) {
      const reason = err instanceof Error ? err.message : String(err)
      log.warn({ backend, reason }, 'bans that were enforced with another firewall before may be left in it')
    }
  }
}

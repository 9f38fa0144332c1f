import type { Clock, Logger } from '@warder/daemon'
import type { Door } from '../http/door.ts'
import type { Certificate } from './judge.ts'

const LOOK_MS = 12 * 3_600_000
const WARN_MS = 10 * 86_400_000

export interface KeepParts {
  readonly clock: Clock
  readonly log: Logger
  readonly door: Door
  /** What is shown now. */
  readonly shown: Certificate
  /** Which certificate is to be shown. */
  open(): Promise<Certificate | null>
}

/** Shows a certificate that was renewed without a restart: looked for twice a day, and when asked. */
export class CertificateKeeper implements Disposable {
  readonly #parts: KeepParts
  readonly #timer: Disposable
  #shown: Certificate

  constructor(parts: KeepParts) {
    this.#parts = parts
    this.#shown = parts.shown
    this.#timer = parts.clock.every(LOOK_MS, () => void this.look())
    this.#warn()
  }

  /** Looks now. What cannot be used is said, and the one before stays. */
  async look(): Promise<void> {
    const { open, door, log } = this.#parts
    try {
      const found = await open()
      if (found !== null && found.cert !== this.#shown.cert) {
        door.show(found)
        this.#shown = found
        log.info({ source: found.source, fingerprint: found.fingerprint }, 'another certificate is shown')
      }
    } catch (err) {
      log.error({ err }, 'the certificate cannot be renewed; the one before is shown')
    }
    this.#warn()
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]()
  }

  #warn(): void {
    const { clock, log } = this.#parts
    const left = this.#shown.endsAt - clock.now()
    if (left < WARN_MS)
      log.warn(
        { source: this.#shown.source, endsAt: new Date(this.#shown.endsAt).toISOString() },
        'the certificate ends soon; when it was renewed: systemctl reload warder-server',
      )
  }
}

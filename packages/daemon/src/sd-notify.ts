import { spawn } from 'node:child_process'
import type { Clock } from './clock.ts'

/** How a process of a unit tells systemd how it is. Nothing depends on the outcome. */
export interface Told extends Disposable {
  /** It does its work now. From here on the watchdog is fed until this is disposed of. */
  ready(): void
}

export interface ToldParts {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Carries assignments like READY=1 to systemd, and tells when it is done; absent: by `systemd-notify`. */
  readonly send?: (assignments: readonly string[], done: () => void) => void
}

/** Beats for each time that systemd waits for one. */
const BEATS = 3

/** How often the watchdog is to be fed (ms), or null where systemd does not watch. */
export function beatMs(environment: ToldParts['environment']): number | null {
  const limit = Number(environment['WATCHDOG_USEC'] ?? '')
  return Number.isFinite(limit) && limit > 0 ? Math.floor(limit / 1_000 / BEATS) : null
}

/**
 * Node cannot send to a datagram socket of the file system, so a child carries each message. The unit says
 * NotifyAccess=all for that. A beat is begun by a timer of the process's own event loop: when that hangs there are none,
 * and systemd ends and restarts the process. With a beat every twenty seconds the children cost nothing that shows.
 */
export function tellSystemd({ environment, clock, send = bySystemdNotify }: ToldParts): Told {
  if (!environment['NOTIFY_SOCKET']) return { ready() {}, [Symbol.dispose]() {} }
  const everyMs = beatMs(environment)
  let beating: Disposable | null = null
  let isSending = false
  const beat = (): void => {
    if (isSending) return
    isSending = true
    send(['WATCHDOG=1'], () => (isSending = false))
  }
  return {
    ready() {
      send(['READY=1'], () => {})
      if (everyMs !== null) beating ??= clock.every(everyMs, beat)
    },
    [Symbol.dispose]: () => beating?.[Symbol.dispose](),
  }
}

function bySystemdNotify(assignments: readonly string[], done: () => void): void {
  const child = spawn('systemd-notify', [...assignments], { stdio: 'ignore' })
  child.on('error', done)
  child.on('exit', done)
}

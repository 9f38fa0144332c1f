import type { Clock } from '@warder/daemon'
import { runProgram } from '../engine/run-program.ts'

const UNIT = 'fail2ban.service'
/** fail2ban lifts its bans one by one when it ends; systemd ends it for good after a minute and a half. */
const STOP_LIMIT_MS = 180_000
const ASK_LIMIT_MS = 10_000

/** Ends the service of fail2ban and keeps it from starting again → why that failed, or null. */
export async function stopFail2ban(clock: Clock): Promise<string | null> {
  const done = await runProgram(['systemctl', 'disable', '--now', UNIT], { clock, limitMs: STOP_LIMIT_MS })
  if (done.code !== 0) return `systemctl disable --now ${UNIT}: ${done.reason}`
  const active = await runProgram(['systemctl', 'is-active', '--quiet', UNIT], {
    clock,
    limitMs: ASK_LIMIT_MS,
  })
  return active.code === 0 ? `${UNIT} is running still` : null
}

/** Whether the service of fail2ban runs; null where that cannot be told. */
export async function isFail2banRunning(clock: Clock): Promise<boolean | null> {
  const active = await runProgram(['systemctl', 'is-active', '--quiet', UNIT], {
    clock,
    limitMs: ASK_LIMIT_MS,
  })
  return active.code === null ? null : active.code === 0
}

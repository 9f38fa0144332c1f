import { spawn } from 'node:child_process'

/**
 * Tells systemd that the service is ready, where it asked (`NOTIFY_SOCKET` is set): by one child, since Node cannot
 * send to a datagram socket. For the same reason there is no watchdog: a child for every beat would cost more than it
 * is worth. Nothing depends on the outcome.
 */
export function notifyReady(environment: Readonly<Record<string, string | undefined>>): void {
  if (!environment['NOTIFY_SOCKET']) return
  const child = spawn('systemd-notify', ['--ready', '--status=watching'], { stdio: 'ignore' })
  child.on('error', () => {})
}

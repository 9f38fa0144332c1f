import { mkdir, rm, rmdir } from 'node:fs/promises'
import { inside, JOURNAL_STORE, type Places } from './places.ts'

/** sshd will not test a configuration without this folder, which systemd makes when it starts sshd. */
const PRIVILEGES = 'run/sshd'
/** It wants to be called by its whole path. */
const SSHD = '/usr/sbin/sshd'

/** What sshd has against its configuration as it is now; null: nothing. */
export async function sshdObjects(places: Places, main: string): Promise<string | null> {
  const folder = inside(places, PRIVILEGES)
  const isMade = await mkdir(folder, { mode: 0o755 }).then(
    () => true,
    () => false,
  )
  const { code, output } = await places.run([SSHD, '-t', '-f', main])
  if (isMade) await rmdir(folder).catch(() => {})
  return code === 0 ? null : output.slice(0, 500) || 'it does not say why'
}

/** Lets sshd read its configuration again; sessions go on. One that is not running, or started for each connection, needs nothing. */
export async function reloadSshd({ run }: Places): Promise<string | null> {
  const active = await run(['systemctl', 'is-active', '--quiet', 'ssh.service'])
  if (active.code !== 0) return null
  return problemOf(await run(['systemctl', 'reload', 'ssh.service']))
}

/** journald reads its configuration at its start only; what is sent to it meanwhile waits in its sockets. */
export async function restartJournald({ run }: Places): Promise<string | null> {
  return problemOf(await run(['systemctl', 'restart', 'systemd-journald.service']))
}

/** Moves what is in memory onto the disk, where the journal is kept there. */
export async function flushJournal({ run }: Places): Promise<string | null> {
  return problemOf(await run(['journalctl', '--flush']))
}

/** Takes the journal on the disk away. */
export const removeStore = (places: Places): Promise<void> =>
  rm(inside(places, JOURNAL_STORE), { recursive: true, force: true })

const problemOf = ({
  code,
  output,
}: {
  readonly code: number | null
  readonly output: string
}): string | null => (code === 0 ? null : output.slice(0, 500) || 'it failed without a word')

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Companion, must, run, until } from './command.ts'
import type { Machine } from './namespace.ts'

/** A node of the lab: a machine with a real journald and a real sshd of its own. */
export interface LabNode extends Machine {
  readonly journal: Companion
  readonly sshd: Companion
  /** The private key that root on this node accepts. */
  readonly key: string
  [Symbol.asyncDispose](): Promise<void>
}

/** What sshd runs with; PerSourcePenalties would drop attackers before Warder does, where OpenSSH has it. */
async function writeSshdConfig(folder: string): Promise<string> {
  const lines = [
    'Port 22',
    `HostKey ${folder}/host-key`,
    `PidFile ${folder}/sshd.pid`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    'StrictModes no',
    'UsePAM yes',
    'PasswordAuthentication yes',
    'PermitRootLogin yes',
    'LogLevel INFO',
    'MaxStartups 100',
  ]
  const file = join(folder, 'sshd_config')
  const hardened = [...lines, 'PerSourcePenalties no']
  await writeFile(file, hardened.join('\n'))
  const known = await run(['/usr/sbin/sshd', '-t', '-f', file])
  if (known.code !== 0) await writeFile(file, lines.join('\n'))
  return file
}

/** Starts journald and sshd on a machine. `folder` is kept for keys and configuration. */
export async function startNode(machine: Machine, folder: string): Promise<LabNode> {
  await mkdir(folder, { recursive: true })
  await mkdir('/run/sshd', { recursive: true })
  for (const name of ['host-key', 'operator-key'])
    await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)])
  await must(['cp', join(folder, 'operator-key.pub'), join(folder, 'authorized_keys')])
  const config = await writeSshdConfig(folder)

  const script = fileURLToPath(new URL('journal.sh', import.meta.url))
  const journal = new Companion([
    ...machine.on(['unshare', '--mount', '--propagation', 'private', '--ipc', '--uts', 'bash', script]),
  ])
  await until('journald', async () => journal.output.includes('READY'), 10_000)
  const on = (command: readonly string[]): readonly string[] => [
    'nsenter',
    `--target=${journal.pid}`,
    '--mount',
    '--net',
    '--ipc',
    '--uts',
    ...command,
  ]
  const sshd = new Companion(on(['/usr/sbin/sshd', '-D', '-f', config]))
  const node = { ...machine, on, journal, sshd, key: join(folder, 'operator-key') }
  await until(
    'sshd',
    async () => (await run(on(['bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/22']))).code === 0,
    10_000,
  )
  return {
    ...node,
    async [Symbol.asyncDispose]() {
      await sshd[Symbol.asyncDispose]()
      await journal[Symbol.asyncDispose]()
    },
  }
}

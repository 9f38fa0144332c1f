import type { Clock } from '@warder/daemon'
import { writeAtomically } from '@warder/daemon'
import { chmod, chown, mkdir, rm, stat } from 'node:fs/promises'
import type { ServerConfig } from '../config/schema.ts'
import { nodeCertificate, originalPlaces, takenFiles } from './open.ts'

export interface TakeParts {
  readonly config: ServerConfig
  readonly clock: Clock
  hint(line: string): void
}

/**
 * Copies the certificate of this Proxmox node to where a server that is not root may read it. Run as root before the
 * server starts; the copy lies in memory (/run), belongs to root, and only the server's group reads it. Where there is
 * none, an old copy goes.
 */
export async function takeCertificate({ config, clock, hint }: TakeParts): Promise<void> {
  const { run_dir, data_dir } = config
  const files = takenFiles(run_dir)
  const found = await nodeCertificate(originalPlaces(config), clock.now())
  if (found === null || config.tls === 'off' || config.tls_cert !== undefined) {
    await rm(files.cert, { force: true })
    await rm(files.key, { force: true })
    return hint('No certificate of a Proxmox node is taken.')
  }
  // The folder of the history belongs to the server's user, whoever that is.
  const { gid } = await stat(data_dir)
  await mkdir(run_dir, { recursive: true })
  // The unit's umask leaves root's files to root alone.
  await chmod(run_dir, 0o755)
  for (const [file, text] of [
    [files.key, found.key],
    [files.cert, found.cert],
  ] as const) {
    await writeAtomically(file, text, 0o640)
    await chmod(file, 0o640)
    await chown(file, 0, gid).catch(() => hint(`${file} cannot be given to the group ${gid}.`))
  }
  hint(`The certificate of this Proxmox node is taken, good until ${new Date(found.endsAt).toISOString()}.`)
}

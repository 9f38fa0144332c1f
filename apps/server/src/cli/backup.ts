import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { backend } from '../backend.ts'
import { MANIFEST } from '../backup/manifest.ts'
import { makeBackup } from '../backup/make.ts'
import { beginEmpty, restoreBackup } from '../backup/restore.ts'
import { backupFolder } from '../backup/schedule.ts'
import { verifyBackup } from '../backup/verify.ts'
import { folderError, StartError } from '../start-error.ts'
import type { CodeParts } from './codes.ts'

/** Makes a backup below the folder, also while the server runs, and prints where it is. */
export async function backUp({ config, clock, say, hint }: CodeParts, folder: string | null): Promise<void> {
  const into = folder ?? backupFolder(config)
  // What lies among the files of the server's user must stay in that user's hands.
  if (folder === null) await becomeOwnerOf(config.data_dir)
  let shown = -1
  const told = (done: number): void => {
    const tenth = Math.floor(done * 10)
    if (tenth > shown && tenth > 0 && tenth < 10) hint(`${tenth * 10} % copied`)
    shown = Math.max(shown, tenth)
  }
  try {
    const made = await makeBackup({
      dataDir: config.data_dir,
      folder: into,
      keep: null,
      madeAt: clock.now(),
      told,
    })
    hint(
      `Copied and read again: ${Math.ceil(made.bytes / 1_000_000)} MB. Put it back with: warder-server restore FOLDER`,
    )
    say(made.folder)
  } catch (err) {
    throw folderError(err, into)
  }
}

/** Reads a backup, or a data folder, through and through. @throws StartError that names what is wrong */
export async function verify({ say }: Pick<CodeParts, 'say'>, folder: string): Promise<void> {
  const isBackup = await stat(join(folder, MANIFEST)).catch(() => null)
  if (isBackup === null && !backend.exists(folder))
    throw new StartError(`${folder} is neither a backup nor the data folder of a server.`)
  const { manifest, problems } =
    isBackup === null ? { manifest: null, problems: backend.problems(folder) } : await verifyBackup(folder)
  if (problems.length > 0) throw new StartError(`${folder} is not whole: ${problems.join('; ')}.`)
  say(
    manifest === null
      ? `The history in ${folder} is whole.`
      : `The backup of ${new Date(manifest.madeAt).toISOString()} (Warder ${manifest.warder}) is whole.`,
  )
}

/** Puts a backup in the place of what the stopped server has; `null`: begins an empty history. */
export async function restore({ config, clock, say, hint }: CodeParts, from: string | null): Promise<void> {
  const { data_dir: dataDir } = config
  try {
    if (from === null) {
      const aside = await beginEmpty({ dataDir, at: clock.now() })
      say(aside === null ? `There is no history in ${dataDir}.` : `The history was moved to ${aside}.`)
      hint('The next start begins an empty one: claim the server again, and enrol the nodes again.')
      return
    }
    const { manifest, before } = await restoreBackup({ dataDir, at: clock.now() }, from)
    say(`The backup of ${new Date(manifest.madeAt).toISOString()} is in place.`)
    if (before !== null) hint(`What was there before lies in ${before}; remove it when all is well.`)
    hint(
      'Now: systemctl start warder-server. Nodes send what they still have; what they sent since the backup is gone.',
    )
  } catch (err) {
    throw folderError(err, dataDir)
  }
}

async function becomeOwnerOf(folder: string): Promise<void> {
  const owner = await stat(folder).catch(() => null)
  if (owner === null || process.getuid?.() !== 0) return
  process.setgroups?.([])
  process.setgid?.(owner.gid)
  process.setuid?.(owner.uid)
}

import { appendFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Logger } from '@warder/daemon'
import { failureLine, failureMessage, type LoginFailure } from './failure-line.ts'

/** Where failed logins are written down. */
export interface FailureLog {
  /** The file that is written. */
  readonly file: string
  note(failure: LoginFailure): Promise<void>
}

/** Opens the auth log, or the one in the data folder where that cannot be written; says so. */
export async function openFailureLog(parts: {
  file: string
  dataDir: string
  log: Logger
}): Promise<FailureLog> {
  const file = await writable(parts)
  return {
    file,
    async note(failure) {
      parts.log.warn(failureMessage(failure))
      try {
        // Opened anew for each line, so that a rotated file is left alone.
        await appendFile(file, failureLine(failure, process.pid), { mode: 0o640 })
      } catch (err) {
        parts.log.error(
          { err, file },
          'the auth log cannot be written: the warder jail does not see failed logins',
        )
      }
    },
  }
}

async function writable({
  file,
  dataDir,
  log,
}: {
  file: string
  dataDir: string
  log: Logger
}): Promise<string> {
  try {
    await mkdir(dirname(file), { mode: 0o750 }).catch(() => {})
    await appendFile(file, '', { mode: 0o640 })
    return file
  } catch (err) {
    const instead = join(dataDir, 'auth.log')
    await appendFile(instead, '', { mode: 0o640 })
    const reason = err instanceof Error ? err.message : String(err)
    log.warn(
      { file, instead, reason },
      'the auth log cannot be written there; failed logins go to the data folder, set logpath of the warder jail to it',
    )
    return instead
  }
}

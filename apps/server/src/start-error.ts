import { join } from 'node:path'
import { DEFAULT_PORT } from './config/schema.ts'
import { holderInWords, type Holder } from './port/listeners.ts'

/** Why a server cannot start, in sentences for who tried to start it. */
export class StartError extends Error {}

const codeOf = (err: unknown): string =>
  err instanceof Error && 'code' in err && typeof err.code === 'string' ? err.code : ''
const messageOf = (err: unknown): string => (err instanceof Error ? err.message : String(err))

/** Somebody else has the port: who, and what to do. */
export function takenError(port: number, holder: Holder | null): StartError {
  const other = port === DEFAULT_PORT ? port + 1 : DEFAULT_PORT
  const who = holder === null ? 'another program' : holderInWords(holder)
  return new StartError(
    `Port ${port} is in use by ${who}${port === DEFAULT_PORT ? ' (ProxMenux Monitor uses 8008 too)' : ''}. ` +
      `Stop it, or choose another port: warder-server set-port ${other}, or port = ${other} in server.toml, or --port ${other}.`,
  )
}

/** Why a port cannot be listened on, and what to do. `holder`: who has it, where that is known. */
export function listenError(
  err: unknown,
  { host, port, holder }: { host: string; port: number; holder: Holder | null },
): StartError {
  if (codeOf(err) === 'EADDRINUSE') return takenError(port, holder)
  const sentences: Readonly<Record<string, string>> = {
    EACCES: `Port ${port} needs more rights than this process has. Choose one above 1023: --port ${DEFAULT_PORT}, or port = ${DEFAULT_PORT} in server.toml.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine. Leave host away in server.toml to listen on all addresses.`,
    ENOTFOUND: `${host} is not an address, and no name that can be resolved. Write an address of this machine as host in server.toml.`,
  }
  return new StartError(sentences[codeOf(err)] ?? `Port ${port} cannot be listened on: ${messageOf(err)}.`, {
    cause: err,
  })
}

/** Why the data folder cannot be used, and what to do. */
export function folderError(err: unknown, folder: string): StartError {
  if (err instanceof StartError) return err
  const code = codeOf(err)
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return new StartError(
      `The data folder ${folder} cannot be written. Let the user of this process own it, or name another one: --data-dir FOLDER, or data_dir = "FOLDER" in server.toml.`,
      { cause: err },
    )
  }
  if (code === 'ENOSPC') {
    return new StartError(`The disk of the data folder ${folder} is full. Make room and start again.`, {
      cause: err,
    })
  }
  if (code === 'EDAMAGED') {
    return new StartError(
      `The history in ${folder} is damaged and cannot be read (${messageOf(err)}). Put a backup back: warder-server restore BACKUP (those of the schedule are in ${join(folder, 'backups')}). Without one: warder-server restore --empty begins an empty history and keeps the damaged one beside it.`,
      { cause: err },
    )
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new StartError(
      `${folder} is not a folder. Name one: --data-dir FOLDER, or data_dir = "FOLDER" in server.toml.`,
      { cause: err },
    )
  }
  return new StartError(`The data folder ${folder} cannot be used: ${messageOf(err)}`, { cause: err })
}

/** Another process has the data folder. */
export const lockedError = (folder: string): StartError =>
  new StartError(
    `Another warder-server works on ${folder} already. Stop that one, or give this one a folder of its own: --data-dir FOLDER.`,
  )

/** A certificate or key that cannot be read or used. */
export const tlsError = (err: unknown): StartError =>
  new StartError(
    `TLS cannot be set up from tls_cert and tls_key: ${messageOf(err)}. Both must be PEM files that the user of this process may read.`,
    { cause: err },
  )

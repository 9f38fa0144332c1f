import { createHash } from 'node:crypto'
// It is CommonJS, whose names cannot be told before it is run: values are taken from the whole.
import ssh2, { type Client, type ConnectConfig } from 'ssh2'
import { connectProblem } from './look.ts'

/** What went wrong, in a sentence with its remedy. Never holds what signed in. */
export class DeployError extends Error {}

export interface Target {
  readonly host: string
  readonly port: number
}

/** How an operator proves to the host who they are. */
export type SignIn =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'key'; readonly key: string; readonly passphrase?: string | undefined }

/** How a command on the host ended. */
export interface Ran {
  readonly code: number | null
  readonly output: string
}

/** A signed-in connection. */
export interface Shell {
  /** Runs a line of shell; `input` is what it reads. Its output, both kinds, is bounded. */
  run(line: string, options?: { input?: string; onOutput?: (text: string) => void }): Promise<Ran>
  upload(file: string, to: string, onProgress: (bytes: number) => void): Promise<void>
  /** Ends it at once; what runs on it fails. */
  end(): void
}

const READY_MS = 20_000
const KEEPALIVE_MS = 5_000
const OUTPUT_LIMIT = 64 * 1_024

/** As ssh shows it. */
const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

/** Asks a host for its key, and leaves before anything else is said. @throws DeployError */
export function hostKeyOf(target: Target): Promise<{ fingerprint: string; algorithm: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ fingerprint: string; algorithm: string }>()
  const client = new ssh2.Client()
  let seen = false
  client.on('error', (err) => {
    if (!seen) reject(new DeployError(connectProblem(levelOf(err), err.message)))
  })
  client.on('close', () => reject(new DeployError(connectProblem(undefined, 'the connection was closed'))))
  client.connect({
    ...target,
    username: 'root',
    readyTimeout: READY_MS,
    hostVerifier: (key: Buffer) => {
      seen = true
      const parsed = ssh2.utils.parseKey(key)
      resolve({
        fingerprint: fingerprintOf(key),
        algorithm: parsed instanceof Error ? 'unknown' : parsed.type,
      })
      return false
    },
  })
  return promise
}

/** Signs in to a host that has the confirmed key; another one is told nothing. @throws DeployError */
export function connect(target: Target & { user: string; hostKey: string }, signIn: SignIn): Promise<Shell> {
  const { promise, resolve, reject } = Promise.withResolvers<Shell>()
  const client = new ssh2.Client()
  const failed = (err: Error): void => reject(new DeployError(connectProblem(levelOf(err), err.message)))
  client.on('ready', () => resolve(shellOn(client)))
  client.on('error', failed)
  client.on('close', () => failed(new Error('the connection was closed')))
  const proof: ConnectConfig =
    signIn.kind === 'password'
      ? { password: signIn.password }
      : {
          privateKey: signIn.key,
          ...(signIn.passphrase === undefined ? {} : { passphrase: signIn.passphrase }),
        }
  try {
    client.connect({
      host: target.host,
      port: target.port,
      username: target.user,
      readyTimeout: READY_MS,
      keepaliveInterval: KEEPALIVE_MS,
      hostVerifier: (key: Buffer) => fingerprintOf(key) === target.hostKey,
      ...proof,
    })
  } catch (err) {
    // A key that cannot be read is told by throwing.
    failed(err instanceof Error ? err : new Error(String(err)))
  }
  return promise
}

const levelOf = (err: Error): string | undefined =>
  'level' in err && typeof err.level === 'string' ? err.level : undefined

function shellOn(client: Client): Shell {
  const cut = new DeployError('The connection to the host was cut. Look there what was done, and try again.')
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => {})
  client.on('close', () => lost.reject(cut))
  return {
    run: (line, options = {}) => Promise.race([lost.promise, execute(client, line, options)]),
    upload: (file, to, onProgress) => Promise.race([lost.promise, send(client, { file, to, onProgress })]),
    end: () => void client.destroy(),
  }
}

function execute(
  client: Client,
  line: string,
  { input = '', onOutput }: { input?: string; onOutput?: (text: string) => void },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    client.exec(line, (err, stream) => {
      if (err) return reject(new DeployError(`The host runs no commands: ${err.message}`))
      let output = ''
      const take = (chunk: Buffer): void => {
        const text = chunk.toString('utf8')
        output = (output + text).slice(-OUTPUT_LIMIT)
        onOutput?.(text)
      }
      stream.on('data', take)
      stream.stderr.on('data', take)
      stream.on('close', (code: number | null) => resolve({ code, output }))
      stream.end(input)
    })
  })
}

function send(
  client: Client,
  { file, to, onProgress }: { file: string; to: string; onProgress: (bytes: number) => void },
): Promise<void> {
  return new Promise((resolve, reject) => {
    client.sftp((err, sftp) => {
      if (err) return reject(new DeployError(`The host takes no files (SFTP): ${err.message}`))
      const step = (sent: number): void => onProgress(sent)
      sftp.fastPut(file, to, { step, mode: 0o600 }, (failure) => {
        sftp.end()
        if (failure) reject(new DeployError(`The package could not be sent: ${failure.message}`))
        else resolve()
      })
    })
  })
}

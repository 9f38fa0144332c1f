import { stat } from 'node:fs/promises'
// It is CommonJS, whose names cannot be told before it is run: values are taken from the whole.
import ssh2, { type Client, type ConnectConfig } from 'ssh2'
import { fingerprintOf, type KnownKey } from './known-hosts.ts'
import { connectError, DeployError, shown } from './problems.ts'

export interface Target {
  readonly host: string
  readonly port: number
}

/** How an operator proves to the host who they are. `agent`: the socket of an ssh-agent, null where there is none. */
export type SignIn =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'key'; readonly key: string; readonly passphrase?: string | undefined }
  | { readonly kind: 'agent'; readonly socket: string | null }

/** How a command on the host ended. */
export interface Ran {
  readonly code: number | null
  readonly output: string
}

export interface Upload {
  readonly file: string
  readonly to: string
  readonly signal: AbortSignal
  readonly onProgress: (bytes: number) => void
}

/** A signed-in connection. */
export interface Shell {
  /** Runs a line of shell; `input` is what it reads. Its output, both kinds, is bounded. */
  run(line: string, options?: { input?: string; onOutput?: (text: string) => void }): Promise<Ran>
  /** Sends a file; ends at once when the signal says so. */
  upload(upload: Upload): Promise<void>
  /** Ends it at once; what runs on it fails. */
  end(): void
}

const READY_MS = 20_000
/** Whoever waits for a key sits in front of it. */
const KEY_MS = 10_000
const KEEPALIVE_MS = 5_000
const OUTPUT_LIMIT = 64 * 1_024

/** Asks a host for its key, and leaves before anything else is said. @throws DeployError */
export function hostKeyOf(target: Target): Promise<KnownKey> {
  const { promise, resolve, reject } = Promise.withResolvers<KnownKey>()
  const client = new ssh2.Client()
  let seen = false
  client.on('error', (err) => {
    if (!seen) reject(connectError(levelOf(err), err.message))
  })
  client.on('close', () => reject(connectError(undefined, 'the connection was closed')))
  client.connect({
    ...target,
    username: 'root',
    readyTimeout: KEY_MS,
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

/** Why the ssh-agent at a socket cannot sign in, in words; null when it can. */
export async function sshAgentTrouble(socket: string | null): Promise<DeployError | null> {
  if (socket === null) return new DeployError('ssh-agent-missing')
  const isThere = await stat(socket).then(
    (found) => found.isSocket(),
    () => false,
  )
  if (!isThere)
    return new DeployError('ssh-agent-silent', 'There is no ssh-agent at SSH_AUTH_SOCK of this server.')
  const { promise, resolve } = Promise.withResolvers<DeployError | null>()
  const silent = (why: string) => resolve(new DeployError('ssh-agent-silent', why))
  ssh2.createAgent(socket).getIdentities((err, keys) => {
    if (err) silent(`The ssh-agent of this server does not answer: ${shown(err.message)}.`)
    else if (keys === undefined || keys.length === 0) silent('The ssh-agent of this server holds no key.')
    else resolve(null)
  })
  return promise
}

function proofOf(signIn: SignIn): ConnectConfig {
  if (signIn.kind === 'password') return { password: signIn.password, tryKeyboard: true }
  if (signIn.kind === 'agent') {
    if (signIn.socket === null) throw new DeployError('ssh-agent-missing')
    return { agent: signIn.socket }
  }
  const { key, passphrase } = signIn
  return { privateKey: key, ...(passphrase === undefined ? {} : { passphrase }) }
}

/** Signs in to a host that has the confirmed key; another one is told nothing. @throws DeployError */
export function connect(target: Target & { user: string; hostKey: string }, signIn: SignIn): Promise<Shell> {
  const { promise, resolve, reject } = Promise.withResolvers<Shell>()
  const client = new ssh2.Client()
  const failed = (err: Error): void =>
    reject(err instanceof DeployError ? err : connectError(levelOf(err), err.message))
  client.on('ready', () => resolve(shellOn(client)))
  client.on('error', failed)
  client.on('close', () => failed(new Error('the connection was closed')))
  // Some hosts ask for the password in this way; whoever asks for something else gets no answer.
  client.on('keyboard-interactive', (...[, , , prompts, finish]) => {
    const isPassword = prompts.length === 1 && /password/i.test(prompts[0]?.prompt ?? '')
    finish(isPassword && signIn.kind === 'password' ? [signIn.password] : [])
  })
  try {
    client.connect({
      host: target.host,
      port: target.port,
      username: target.user,
      readyTimeout: READY_MS,
      keepaliveInterval: KEEPALIVE_MS,
      hostVerifier: (key: Buffer) => fingerprintOf(key) === target.hostKey,
      ...proofOf(signIn),
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
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => {})
  client.on('close', () => lost.reject(new DeployError('cut')))
  return {
    run: (line, options = {}) => Promise.race([lost.promise, execute(client, line, options)]),
    upload: (upload) => Promise.race([lost.promise, send(client, upload)]),
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
      if (err) return reject(new DeployError('no-commands'))
      let output = ''
      const take = (chunk: Buffer): void => {
        const text = chunk.toString('utf8')
        output = (output + text).slice(-OUTPUT_LIMIT)
        onOutput?.(text)
      }
      stream.on('data', take)
      stream.stderr.on('data', take)
      // What is cut off has no code; the cut tells it.
      stream.on('close', (code: number | null) => resolve({ code, output }))
      stream.end(input)
    })
  })
}

function send(client: Client, { file, to, signal, onProgress }: Upload): Promise<void> {
  return new Promise((resolve, reject) => {
    client.sftp((err, sftp) => {
      if (err)
        return reject(new DeployError('upload-failed', `The host takes no files: ${shown(err.message)}.`))
      const abort = (): void => {
        sftp.end()
        reject(new DeployError('cancelled'))
      }
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      const step = (sent: number): void => onProgress(sent)
      sftp.fastPut(file, to, { step, mode: 0o600 }, (failure) => {
        signal.removeEventListener('abort', abort)
        sftp.end()
        if (failure)
          reject(
            new DeployError('upload-failed', `The package could not be sent: ${shown(failure.message)}.`),
          )
        else resolve()
      })
    })
  })
}

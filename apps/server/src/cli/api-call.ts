import { systemClock } from '@warder/daemon'
import { certificateInUse } from '../certificate/open.ts'
import type { ServerConfig } from '../config/schema.ts'
import { ownUrls } from '../port/own-url.ts'
import { readFile } from 'node:fs/promises'
import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { StartError } from '../start-error.ts'
import type { Reach } from './tune-arguments.ts'

/** One call of the API → its answer as JSON. @throws StartError with what the server said */
export type ApiCall = <T>(method: string, path: string, body?: unknown) => Promise<T>

const ANSWER_LIMIT = 64 * 1_048_576
const WAIT_MS = 90_000

/** The token, from a file or the environment: never from the command line, which others can read. */
async function tokenOf({ tokenFile }: Reach, environment: NodeJS.ProcessEnv): Promise<string> {
  const given =
    tokenFile === undefined
      ? environment['WARDER_TOKEN']
      : await readFile(tokenFile, 'utf8').catch((err: unknown) => {
          throw new StartError(`The token cannot be read from ${tokenFile}.`, { cause: err })
        })
  const token = given?.trim() ?? ''
  if (token === '')
    throw new StartError(
      'A token with the scopes read and tune is needed: make one in the dashboard (Settings, API tokens) and name its file with --token-file, or put it into WARDER_TOKEN.',
    )
  return token
}

/** Where the calls go, and what is believed there: the server of this machine's configuration, unless another is named. */
async function placeOf({ server }: Reach, config: ServerConfig): Promise<{ base: string; trust: object }> {
  if (server !== undefined) return { base: server.replace(/\/+$/, ''), trust: {} }
  const certificate = await certificateInUse(config, systemClock.now())
  const base = ownUrls(config, certificate?.source ?? null).local
  if (certificate === null) return { base, trust: {} }
  // It is known by itself, whoever signed it, and under any name.
  const trust = { ca: certificate.cert, allowPartialTrustChain: true, checkServerIdentity: () => undefined }
  return { base, trust }
}

/** Makes calls of a running server. This machine's own certificate is believed under any name, others as the system does. */
export async function makeApiCall(
  reach: Reach,
  config: ServerConfig,
  environment: NodeJS.ProcessEnv,
): Promise<ApiCall> {
  const token = await tokenOf(reach, environment)
  const { base, trust } = await placeOf(reach, config)
  return (method, path, body) => {
    const { promise, resolve, reject } = Promise.withResolvers<never>()
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      authorization: `Bearer ${token}`,
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const send = base.startsWith('https:') ? overHttps : overHttp
    const call = send(`${base}${path}`, { method, headers, timeout: WAIT_MS, ...trust }, (answer) => {
      let read = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        read += piece
        if (read.length > ANSWER_LIMIT) call.destroy(new Error('the answer is too long'))
      })
      answer.on('end', () => {
        const said = jsonOf(read)
        if ((answer.statusCode ?? 500) < 400) return resolve(said as never)
        const { message, remedy } = Object(said)
        reject(
          new StartError(`${message ?? `The server answered ${answer.statusCode}.`} ${remedy ?? ''}`.trim()),
        )
      })
      answer.on('error', reject)
    })
    call.on('timeout', () => call.destroy(new Error('no answer in time')))
    call.on('error', (err) =>
      reject(new StartError(`The server at ${base} cannot be reached: ${err.message}.`, { cause: err })),
    )
    call.end(text)
    return promise
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

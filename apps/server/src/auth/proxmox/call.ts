import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import { readFile } from 'node:fs/promises'
import { request as overSocket, type IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { ProxmoxLogin } from '../../config/schema.ts'

/** For one call, connecting included (ms). */
const TIMEOUT_MS = 10_000
/** Most bytes of an answer: permissions of very many paths. */
const LIMIT_BYTES = 4_194_304

/** What is asked of Proxmox. */
export interface ProxmoxAsk {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>
  readonly ticket?: string
}

export interface ProxmoxAnswer {
  readonly status: number
  readonly body: string
}

export type CallProxmox = (ask: ProxmoxAsk) => Promise<ProxmoxAnswer>

const unreachable = (message: string, cause?: unknown): AppError =>
  new AppError('realm.unreachable', message, { cause })

/** Fingerprints are written with and without colons, in either case. */
const tidy = (fingerprint: string): string => fingerprint.replaceAll(':', '').toUpperCase()

/**
 * Calls the API of one Proxmox, the one in `server.toml`. Nothing is said before its certificate was found to be the
 * one that is expected: the password of somebody goes over this connection.
 */
export function makeCallProxmox({ clock, login }: { clock: Clock; login: ProxmoxLogin }): CallProxmox {
  const url = new URL(login.url)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port === '' ? '443' : url.port)
  const where = `Proxmox at ${url.host}`

  const readCa = async (file: string): Promise<string> => {
    try {
      return await readFile(file, 'utf8')
    } catch (err) {
      throw unreachable(`The certificate authority in ${file} cannot be read.`, err)
    }
  }

  const dial = async (signal: AbortSignal): Promise<TLSSocket> => {
    const { ca, fingerprint } = login
    const trusted = ca === undefined ? undefined : await readCa(ca)
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>()
    const socket = connect({
      host,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(trusted === undefined ? {} : { ca: trusted }),
      // With a fingerprint the certificate itself is compared below, before a byte is sent.
      rejectUnauthorized: fingerprint === undefined,
    })
    signal.addEventListener('abort', () => socket.destroy(signal.reason as Error))
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      const shown = socket.getPeerCertificate().fingerprint256 ?? ''
      if (fingerprint === undefined || tidy(shown) === tidy(fingerprint)) return resolve(socket)
      socket.destroy()
      reject(unreachable(`The certificate of ${where} is another one: its fingerprint is ${shown}.`))
    })
    return promise
  }

  const exchange = (ask: ProxmoxAsk, socket: TLSSocket): Promise<ProxmoxAnswer> => {
    const body = ask.form === undefined ? undefined : new URLSearchParams(ask.form).toString()
    const { promise, resolve, reject } = Promise.withResolvers<ProxmoxAnswer>()
    const request = overSocket({
      method: ask.method,
      path: `/api2/json${ask.path}`,
      createConnection: () => socket,
      headers: {
        host: url.host,
        'user-agent': 'Warder',
        connection: 'close',
        ...(body === undefined
          ? {}
          : {
              'content-type': 'application/x-www-form-urlencoded',
              'content-length': Buffer.byteLength(body),
            }),
        ...(ask.ticket === undefined ? {} : { cookie: `PVEAuthCookie=${encodeURIComponent(ask.ticket)}` }),
      },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      readAll(response).then((text) => resolve({ status: response.statusCode ?? 0, body: text }), reject)
    })
    request.end(body)
    return promise
  }

  return async (ask) => {
    const ended = new AbortController()
    const late = unreachable(`${where} did not answer within ${TIMEOUT_MS / 1000} s.`)
    using _patience = clock.after(TIMEOUT_MS, () => ended.abort(late))
    let socket: TLSSocket | undefined
    try {
      socket = await dial(ended.signal)
      return await exchange(ask, socket)
    } catch (err) {
      if (err instanceof AppError) throw err
      if (ended.signal.aborted) throw late
      throw unreachable(
        `${where} cannot be reached: ${err instanceof Error ? err.message : 'no reason'}.`,
        err,
      )
    } finally {
      socket?.destroy()
    }
  }
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > LIMIT_BYTES) throw new Error('its answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

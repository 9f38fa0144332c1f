import type { Clock } from '@warder/daemon'
import { request as overHttp, type IncomingMessage } from 'node:http'
import { request as overHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { EgressError, isAboutAddress, toEgressError } from './error.ts'
import { nameOf } from './guard.ts'
import type { Resolve } from './resolve.ts'

/** What is asked of somebody outside. */
export interface EgressAsk {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Most bytes of an answer's body. */
  readonly limitBytes: number
  /** For all of it: looking up, connecting, sending, the whole answer (ms). */
  readonly timeoutMs: number
  /** How many redirects to the same host a GET follows; 0 without. */
  readonly redirects?: number
}

export interface EgressAnswer {
  readonly status: number
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Asks somebody outside. Any status is an answer but a redirect that is not followed. @throws EgressError */
export type Egress = (ask: EgressAsk, signal?: AbortSignal) => Promise<EgressAnswer>

/** Most addresses of one host that are tried. */
const ADDRESSES = 4

/**
 * The only way out over HTTP: http and https alone, to addresses that were checked, connected to exactly as
 * checked, so that a name cannot become another address in between; bounded in time and bytes.
 */
export function makeEgress({ clock, resolve }: { readonly clock: Clock; readonly resolve: Resolve }): Egress {
  return async (ask, signal) => {
    const ended = new AbortController()
    const host = hostOf(ask.url)
    const late = new EgressError(
      'too-slow',
      `${host} did not answer within ${Math.round(ask.timeoutMs / 1000)} s.`,
      'Check host and port, and that no firewall on the way swallows the connection.',
    )
    using _patience = clock.after(ask.timeoutMs, () => ended.abort(late))
    const stop = (): void => ended.abort(new EgressError('unreachable', 'The server stops.', 'Try again.'))
    signal?.addEventListener('abort', stop)
    const over = new Promise<never>((_, reject) => {
      ended.signal.addEventListener('abort', () => reject(ended.signal.reason as Error))
    })
    try {
      return await Promise.race([follow(ask, resolve, ended.signal), over])
    } catch (err) {
      throw toEgressError(err, host)
    } finally {
      signal?.removeEventListener('abort', stop)
      ended.abort(new EgressError('unreachable', 'It is over.', ''))
      void over.catch(() => {})
    }
  }
}

const hostOf = (url: string): string => (URL.canParse(url) ? nameOf(new URL(url).hostname) : 'that host')

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username + url.password === ''
  )
    return url
  throw new EgressError(
    'url-invalid',
    'Only addresses with http:// or https://, without a name and password in them, can be asked.',
    'Correct the address.',
  )
}

async function follow(ask: EgressAsk, resolve: Resolve, signal: AbortSignal): Promise<EgressAnswer> {
  let url = readUrl(ask.url)
  for (let left = ask.method === 'GET' ? (ask.redirects ?? 0) : 0; ; left--) {
    const answer = await askOne(ask, url, { resolve, signal })
    const to = answer.headers['location']
    if (answer.status < 300 || answer.status > 399 || answer.status === 304 || to === undefined) return answer
    const next = URL.canParse(to, url.href) ? new URL(to, url) : null
    const elsewhere = next === null || next.hostname !== url.hostname || next.protocol < url.protocol
    if (left <= 0 || elsewhere) throw redirected(url, next)
    url = readUrl(next.href)
  }
}

const redirected = (from: URL, to: URL | null): EgressError =>
  new EgressError(
    'redirected',
    `${nameOf(from.hostname)} sends on to ${to === null ? 'somewhere else' : `${to.protocol}//${to.host}`}, and that is not followed.`,
    'Enter the address that it finally leads to.',
  )

async function askOne(
  ask: EgressAsk,
  url: URL,
  { resolve, signal }: { readonly resolve: Resolve; readonly signal: AbortSignal },
): Promise<EgressAnswer> {
  const addresses = (await resolve(url.hostname)).slice(0, ADDRESSES)
  for (const [at, address] of addresses.entries()) {
    signal.throwIfAborted()
    try {
      return await exchange(ask, url, { address, signal })
    } catch (err) {
      if (at + 1 >= addresses.length || !isAboutAddress(err)) throw err
    }
  }
  throw new EgressError('host-unknown', `${url.hostname} has no address.`, 'Check the name.')
}

/** Answers every question for an address with the one that was checked. */
const pinnedTo = (address: string): LookupFunction => {
  const family = isIP(address)
  return (_name, options, done) =>
    options.all ? done(null, [{ address, family }]) : done(null, address, family)
}

function exchange(
  ask: EgressAsk,
  url: URL,
  { address, signal }: { readonly address: string; readonly signal: AbortSignal },
): Promise<EgressAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<EgressAnswer>()
  const make = url.protocol === 'https:' ? overHttps : overHttp
  const request = make(url, {
    method: ask.method,
    agent: false,
    lookup: pinnedTo(address),
    signal,
    headers: {
      'user-agent': 'Warder',
      'accept-encoding': 'identity',
      ...(ask.body === undefined ? {} : { 'content-length': Buffer.byteLength(ask.body) }),
      ...ask.headers,
    },
  })
  request.on('error', reject)
  request.on('response', (response) => {
    readBody(response, ask.limitBytes, url.hostname).then(
      (body) => resolve({ status: response.statusCode ?? 0, headers: flat(response), body }),
      (err: unknown) => {
        request.destroy()
        reject(err)
      },
    )
  })
  request.end(ask.body)
  return promise
}

const flat = (response: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )

async function readBody(response: IncomingMessage, limitBytes: number, host: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > limitBytes)
      throw new EgressError(
        'too-large',
        `${nameOf(host)} answers with more than ${Math.round(limitBytes / 1024)} KiB.`,
        'Check that the address is the right one.',
      )
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

import { isFetchable } from './forbidden.ts'
import { lookup } from 'node:dns/promises'
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'

/** Largest list that is fetched, in bytes. */
export const FETCH_LIMIT_BYTES = 5_242_880
/** How long a fetch may take in all (ms). */
export const FETCH_LIMIT_MS = 30_000
const REDIRECTS_LIMIT = 3

/** What is known of the last fetch. */
export interface FetchWish {
  readonly url: string
  /** The tag of what was fetched before, so that it is not sent again. */
  readonly etag: string | null
}

/** A fetched text, or that it is as before. */
export type Fetched =
  { readonly kind: 'text'; readonly text: string; readonly etag: string | null } | { readonly kind: 'same' }

/** A fetch that failed, in words for the operator. */
export class FetchError extends Error {}

export interface FetchRules {
  /** Whether private addresses may be asked: only where the operator configured it. */
  readonly privately: boolean
  readonly limitMs?: number
  readonly limitBytes?: number
}

/** The one address that is asked: checked here and used, so that a name cannot mean another one a moment later. */
async function addressOf(
  host: string,
  { privately }: FetchRules,
): Promise<{ address: string; family: 4 | 6 }> {
  const found = isIP(host) ? [{ address: host }] : await lookup(host, { all: true })
  const [first] = found
  if (first === undefined) throw new FetchError(`nobody knows an address of ${host}`)
  if (!privately && found.some(({ address }) => !isFetchable(address))) {
    throw new FetchError(
      `${host} is in a private network; lists are fetched from there only with private_list_urls = true in server.toml`,
    )
  }
  return { address: first.address, family: isIP(first.address) === 6 ? 6 : 4 }
}

/** Fetches a list, following a few redirects; every host on the way is checked. @throws FetchError */
export async function fetchList({ url, etag }: FetchWish, rules: FetchRules): Promise<Fetched> {
  const limitMs = rules.limitMs ?? FETCH_LIMIT_MS
  const signal = AbortSignal.timeout(limitMs)
  try {
    let at = new URL(url)
    for (let hops = 0; hops <= REDIRECTS_LIMIT; hops++) {
      const answer = await ask(at, etag, rules, signal)
      const { statusCode: status = 0, headers } = answer
      if (status === 304) {
        answer.resume()
        return { kind: 'same' }
      }
      if ([301, 302, 303, 307, 308].includes(status)) {
        answer.destroy()
        if (headers.location === undefined) throw new FetchError(`${at.host} redirects to nowhere`)
        at = new URL(headers.location, at)
        continue
      }
      if (status !== 200) {
        answer.destroy()
        throw new FetchError(`${at.host} answered with status ${status}`)
      }
      return { kind: 'text', text: await textOf(answer, rules), etag: headers.etag?.slice(0, 300) ?? null }
    }
    throw new FetchError(`more than ${REDIRECTS_LIMIT} redirects`)
  } catch (err) {
    if (err instanceof FetchError) throw err
    if (signal.aborted) throw new FetchError(`it took longer than ${limitMs / 1_000} s`, { cause: err })
    throw new FetchError(err instanceof Error ? err.message : String(err), { cause: err })
  }
}

async function ask(
  at: URL,
  etag: string | null,
  rules: FetchRules,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  if (at.protocol !== 'http:' && at.protocol !== 'https:')
    throw new FetchError(`${at.protocol} is not fetched, only http and https`)
  const host = at.hostname.replace(/^\[|\]$/g, '')
  const { address, family } = await addressOf(host, rules)
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const options: RequestOptions = {
    method: 'GET',
    signal,
    agent: false,
    // By the checked address; the name still goes into the request and is what a certificate has to fit.
    lookup: (_name, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family)),
    headers: {
      'user-agent': 'warder-server',
      accept: 'text/plain, text/csv, */*',
      'accept-encoding': 'identity',
      ...(etag === null ? {} : { 'if-none-match': etag }),
    },
  }
  const request = at.protocol === 'https:' ? requestHttps(at, options) : requestHttp(at, options)
  request.on('response', resolve)
  request.on('error', reject)
  request.end()
  return promise
}

async function textOf(
  answer: IncomingMessage,
  { limitBytes = FETCH_LIMIT_BYTES }: FetchRules,
): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of answer) {
    const data = Buffer.from(piece as Uint8Array)
    bytes += data.length
    if (bytes > limitBytes) {
      answer.destroy()
      throw new FetchError(`it is larger than ${limitBytes} bytes`)
    }
    pieces.push(data)
  }
  return Buffer.concat(pieces).toString('utf8')
}

import type { Egress } from '../egress/egress.ts'
import { EgressError } from '../egress/error.ts'

/** Largest list that is fetched, in bytes. */
export const FETCH_LIMIT_BYTES = 5_242_880
/** How long a fetch may take in all (ms). */
export const FETCH_LIMIT_MS = 30_000
const REDIRECTS_LIMIT = 3
const ETAG_LIMIT = 300

/** What is known of the last fetch. */
export interface FetchWish {
  readonly url: string
  /** The tag of what was fetched before, so that it is not sent again. */
  readonly etag: string | null
}

/** A fetched text, or that it is as before. */
export type Fetched =
  { readonly kind: 'text'; readonly text: string; readonly etag: string | null } | { readonly kind: 'same' }

/** A fetch that failed, in words for the operator, without a full stop. */
export class FetchError extends Error {}

/** Fetches lists by the guarded way out. The fetch: @throws FetchError */
export function makeFetchList(egress: Egress): (wish: FetchWish) => Promise<Fetched> {
  return async ({ url, etag }) => {
    const { status, headers, body } = await ask(egress, { url, etag })
    if (status === 304) return { kind: 'same' }
    if (status !== 200) throw new FetchError(`its place answered with status ${status}`)
    return {
      kind: 'text',
      text: body.toString('utf8'),
      etag: headers['etag']?.slice(0, ETAG_LIMIT) ?? null,
    }
  }
}

async function ask(egress: Egress, { url, etag }: FetchWish): ReturnType<Egress> {
  try {
    return await egress({
      method: 'GET',
      url,
      headers: {
        accept: 'text/plain, text/csv, */*',
        'accept-encoding': 'identity',
        ...(etag === null ? {} : { 'if-none-match': etag }),
      },
      limitBytes: FETCH_LIMIT_BYTES,
      timeoutMs: FETCH_LIMIT_MS,
      redirects: REDIRECTS_LIMIT,
    })
  } catch (err) {
    if (!(err instanceof EgressError)) throw err
    throw new FetchError(`${err.message} ${err.remedy}`.replace(/\.\s*$/, ''), { cause: err })
  }
}

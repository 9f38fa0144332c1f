import { inUrl } from '../prefix.ts'
import { ApiError, problemOf, unreachable } from './problem.ts'

export interface RequestParts {
  /** Called with every answer: the server's clock (ms) as its Date header has it. */
  readonly onServerTime: (at: number) => void
  /** Called when the server says that nobody is signed in any more. */
  readonly onSignedOut: () => void
}

export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>
  readonly body?: unknown
}

/** Longest wait for an answer, in ms. */
const PATIENCE_MS = 20_000

/** Makes the one function that talks to the server. It throws an ApiError and nothing else. */
export function makeRequest(parts: RequestParts): <T>(ask: Ask) => Promise<T> {
  return async <T>(ask: Ask): Promise<T> => {
    const answer = await send(ask)
    const date = Date.parse(answer.headers.get('date') ?? '')
    if (!Number.isNaN(date)) parts.onServerTime(date)
    const body = await bodyOf(answer)
    if (answer.ok) return body as T
    const error = new ApiError(answer.status, problemOf(answer.status, body))
    if (error.problem.code === 'session.missing') parts.onSignedOut()
    throw error
  }
}

async function send(ask: Ask): Promise<Response> {
  const init: RequestInit = {
    method: ask.method,
    credentials: 'same-origin',
    signal: AbortSignal.timeout(PATIENCE_MS),
    headers: { accept: 'application/json' },
  }
  if (ask.body !== undefined) {
    init.headers = { accept: 'application/json', 'content-type': 'application/json' }
    init.body = JSON.stringify(ask.body)
  }
  try {
    return await fetch(inUrl(ask.path) + queryOf(ask.query), init)
  } catch (cause) {
    throw Object.assign(new ApiError(0, unreachable()), { cause })
  }
}

async function bodyOf(answer: Response): Promise<unknown> {
  try {
    const text = await answer.text()
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function queryOf(query: Ask['query']): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value))
  }
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

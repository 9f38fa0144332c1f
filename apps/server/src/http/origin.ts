/** What a browser says about where a request comes from, and where it goes to. */
export interface Provenance {
  /** The Origin header. */
  readonly origin: string | undefined
  /** The Sec-Fetch-Site header. */
  readonly site: string | undefined
  /** The host, with its port, that the request was sent to. */
  readonly host: string
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host
  } catch {
    return null
  }
}

/**
 * Whether a request comes from another site's page. Browsers name the origin with every call that changes
 * something and with every WebSocket; who names none is not a browser, and has no cookies of someone else.
 * Only hosts are compared: a proxy in front may have taken TLS off.
 */
export function isForeign({ origin, site, host }: Provenance, allowed: readonly string[]): boolean {
  if (origin === undefined) return site !== undefined && site !== 'same-origin' && site !== 'none'
  return hostOf(origin) !== host && !allowed.includes(origin)
}

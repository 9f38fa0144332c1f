/** The path below which a proxy shows the dashboard, `/warder`; empty at the top. The server writes it into the page. */
export const BASE: string =
  typeof document === 'undefined'
    ? ''
    : (document.querySelector<HTMLMetaElement>('meta[name="warder-base"]')?.content ?? '')

/** A path of the dashboard or the API, from the top → as it is in a URL. */
export const inUrl = (path: string, base: string = BASE): string => `${base}${path}`

/** The path of a URL → a path of the dashboard. What lies elsewhere stays as it is. */
export const fromUrl = (path: string, base: string = BASE): string =>
  base !== '' && (path === base || path.startsWith(`${base}/`)) ? path.slice(base.length) || '/' : path

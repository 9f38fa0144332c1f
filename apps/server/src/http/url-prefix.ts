import type { FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyInstance {
    /** The path below which a proxy shows this server, `/warder`; empty at the top. */
    readonly basePath: string
  }
}

/** A URL as it came in → without the base path. A proxy may have taken it off already, so both are served. */
export function withoutBase(url: string, basePath: string): string {
  if (basePath === '' || !url.startsWith(basePath)) return url
  const rest = url.slice(basePath.length)
  return rest.startsWith('/') ? rest : /^[?#]/.test(rest) || rest === '' ? `/${rest}` : url
}

const SAYABLE = /^https?:\/\/[\w.:[\]-]+$/

/**
 * The URL under which whoever asks reaches this server: a browser says its own, others ask at it. Null where that has
 * characters that do not belong into a command line.
 */
export function reachedUrl(request: FastifyRequest): string | null {
  const said = [request.headers.origin, `${request.protocol}://${request.host}`]
  const url = said.find((each) => each !== undefined && SAYABLE.test(each))
  return url === undefined ? null : `${url}${request.server.basePath}`
}

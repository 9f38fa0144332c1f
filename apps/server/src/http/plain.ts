import { isLoopback, parseAddress, TargetSet } from '@warder/core'
import { AppError } from '@warder/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** The ends of a connection, as the system has them. */
export type Ends = Pick<Socket, 'remoteAddress' | 'localAddress'>

/**
 * Whether what comes over a connection may come unencrypted: it never leaves this machine, or it comes from a proxy
 * that the operator named.
 */
export function mayBePlain({ remoteAddress = '', localAddress }: Ends, proxies: TargetSet): boolean {
  const from = parseAddress(remoteAddress.split('%')[0] ?? '')
  if (from === null) return false
  return isLoopback(from) || remoteAddress === localAddress || proxies.match(from) !== null
}

/** A person's browser that asks for a page, and can be sent on. */
const isPage = ({ method, headers, url }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  !url.startsWith('/api/') &&
  (headers.accept ?? '').includes('text/html')

/** A hook that looks at a request before anything else does; it throws, or answers itself. */
export type Look = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>

/**
 * Turns away what comes unencrypted from elsewhere; browsers are sent to https, where the server speaks it.
 * @throws AppError tls.needed
 */
export function refusePlain(trustedProxies: readonly string[], speaksTls: boolean): Look {
  const proxies = new TargetSet(trustedProxies)
  return async (request, reply) => {
    const { socket } = request
    if (socket instanceof TLSSocket || mayBePlain(socket, proxies)) return undefined
    if (speaksTls && isPage(request))
      return reply.redirect(`https://${request.host}${request.originalUrl}`, 307)
    throw new AppError('tls.needed')
  }
}

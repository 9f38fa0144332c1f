import { parseAddress } from '@warder/core'
import type { FastifyRequest } from 'fastify'

const canonical = (text: string | undefined): string | null => parseAddress(text?.split('%')[0] ?? '')

/**
 * The address of whoever sent a request, in canonical form. Headers count only from trusted proxies, and only
 * where they hold an address.
 */
export const addressOf = (request: FastifyRequest): string =>
  canonical(request.ip) ?? canonical(request.socket.remoteAddress) ?? '0.0.0.0'

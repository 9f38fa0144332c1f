import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import type { FastifyRequest } from 'fastify'
import type { App } from '../http/app.ts'
import { addressOf } from '../http/client-address.ts'
import { isForeign } from '../http/origin.ts'
import { SESSION_COOKIE } from './cookies.ts'
import type { Failures } from './failures.ts'
import type { Identify } from './identify.ts'
import { needOf, type Need } from './needs.ts'
import { actorOf, may, type Principal } from './principal.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `public`: also for who is not signed in; `link`: agents prove themselves. Without it `needs.ts` says who. */
    readonly access?: 'public' | 'link'
  }
  interface FastifyRequest {
    principal: Principal | null
  }
}

export interface GuardParts {
  readonly clock: Clock
  readonly identify: Identify
  readonly failures: Failures
  readonly allowedOrigins: readonly string[]
  /** Somebody who is let in did something. */
  onSeen(principal: Principal, address: string): void
}

const changes = (request: FastifyRequest): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(request.method)

function denied(principal: Principal, need: Need): AppError {
  if (need === 'self')
    return new AppError('access.denied', 'Only a person can do this, signed in at the dashboard.')
  const lacking = need === 'own' ? 'admin' : need
  return principal.kind === 'token'
    ? new AppError('access.denied', `The token lacks the scope "${lacking}".`)
    : new AppError('access.denied', `Your role (${principal.role}) does not have "${lacking}".`)
}

/**
 * Stands before every route: finds out who asks, turns away other sites' pages, and lets in who has what the route
 * needs, unless the route is open.
 */
export function guard(app: App, { clock, identify, failures, allowedOrigins, onSeen }: GuardParts): void {
  const byBearer = async (request: FastifyRequest, secret: string): Promise<Principal> => {
    const found = identify.byToken(secret, clock.now())
    if (found) return found
    const address = addressOf(request)
    failures.mayTry('token', { address })
    throw await failures.failed({ code: 'token.invalid', address, user: '(token)' })
  }

  const refuseForeign = (request: FastifyRequest): void => {
    const { origin } = request.headers
    const site = request.headers['sec-fetch-site']
    const from = { origin, site: Array.isArray(site) ? site[0] : site, host: request.host }
    if (isForeign(from, allowedOrigins)) throw new AppError('origin.foreign')
  }

  app.decorateRequest('principal', null)
  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config
    // By the route that was found, never by the URL as written: that can be spelled in many ways.
    if (request.is404 || access === 'link') return
    const bearer = /^Bearer +(.*)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (bearer !== undefined) request.principal = await byBearer(request, bearer)
    else {
      if (changes(request) || request.ws) refuseForeign(request)
      const cookie = request.cookies[SESSION_COOKIE]
      request.principal = cookie === undefined ? null : identify.byCookie(cookie, clock.now())
    }
    if (request.principal !== null) onSeen(request.principal, addressOf(request))
    if (access === 'public') return
    if (request.principal === null) throw new AppError('session.missing')
    const need = needOf(request.method, request.routeOptions.url)
    if (!may(request.principal, need)) throw denied(request.principal, need)
  })
}

/** Who makes a request to a route that only operators reach. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new AppError('session.missing')
  return request.principal
}

/** The person, signed in at the dashboard, who makes a request. */
export function personOf(request: FastifyRequest): Extract<Principal, { kind: 'operator' }> {
  const principal = principalOf(request)
  if (principal.kind !== 'operator') throw denied(principal, 'self')
  return principal
}

/** The name under which a request's sender goes into the audit. */
export const requesterOf = (request: FastifyRequest): string => actorOf(principalOf(request))

import type { Clock } from '@warder/daemon'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { addressOf } from '../http/client-address.ts'
import { DEVICE_COOKIE, SESSION_COOKIE } from './cookies.ts'
import { digestOf, newSecret } from './secret.ts'
import { DEVICE_MS, lifeOf } from './session-life.ts'
import type { OwnSession, SessionStore } from './session-store.ts'
import type { OperatorRow, OperatorStore } from './store.ts'
import type { Transaction } from '../storage/transaction.ts'

/** Most of what a browser calls itself that is kept. */
const AGENT_LIMIT = 200
/** How a device's secret looks; anything else that a browser sends is not taken for one. */
const DEVICE_FORM = /^[\w-]{43}$/

export interface SessionParts {
  readonly clock: Clock
  readonly transaction: Transaction
  readonly operators: OperatorStore
  readonly sessions: SessionStore
  /** Sessions were ended: whoever listens with them must stop. */
  onEnded(hashes: readonly string[]): void
}

export type Sessions = ReturnType<typeof makeSessions>

/** What a browser holds from an earlier time, or null. */
export function deviceOf(request: FastifyRequest): string | null {
  const device = request.cookies[DEVICE_COOKIE]
  return device !== undefined && DEVICE_FORM.test(device) ? device : null
}

/** Opens sessions in cookies that scripts cannot read, and ends them. */
export function makeSessions({ clock, transaction, operators, sessions, onEnded }: SessionParts) {
  const end = (ended: readonly OwnSession[]): number => {
    transaction(() => {
      for (const { hash } of ended) sessions.close(hash)
    })
    if (ended.length > 0) onEnded(ended.map(({ hash }) => hash))
    return ended.length
  }
  return {
    /** Signs somebody in, in the browser that asks. */
    open(request: FastifyRequest, reply: FastifyReply, operator: OperatorRow): void {
      const now = clock.now()
      const cookie = newSecret(32)
      const device = deviceOf(request) ?? newSecret(32)
      const lifeMs = lifeOf(operator.realm)
      transaction(() => {
        sessions.open({
          hash: digestOf(cookie),
          id: newSecret(9),
          operatorId: operator.id,
          address: addressOf(request),
          agent: (request.headers['user-agent'] ?? '').slice(0, AGENT_LIMIT),
          createdAt: now,
          endsAt: now + lifeMs,
        })
        sessions.knowDevice(digestOf(device), operator.id, now)
        operators.signedIn(operator.id, now)
      })
      const options = {
        path: request.server.basePath || '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: request.protocol === 'https',
      } as const
      reply.setCookie(SESSION_COOKIE, cookie, { ...options, maxAge: lifeMs / 1000 })
      reply.setCookie(DEVICE_COOKIE, device, { ...options, maxAge: DEVICE_MS / 1000 })
    },
    /** Ends one session, by its hash. */
    close(hash: string): void {
      sessions.close(hash)
      onEnded([hash])
    },
    /** One's own, latest used first. */
    of: (operatorId: number): readonly OwnSession[] => sessions.ofOperator(operatorId),
    end: (session: OwnSession): number => end([session]),
    /** Ends all sessions of somebody, but for one by its hash; answers how many. */
    endAll: (operatorId: number, but: string | null = null): number =>
      end(sessions.ofOperator(operatorId).filter(({ hash }) => hash !== but)),
  }
}

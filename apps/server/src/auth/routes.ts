import { claimBody, loginBody, sessionView, type SessionView } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Note } from '../audit/note.ts'
import type { App } from '../http/app.ts'
import { addressOf } from '../http/client-address.ts'
import { ERROR_ANSWERS, NOTHING } from '../http/route.ts'
import type { Claim } from './claim.ts'
import { SESSION_COOKIE } from './guard.ts'
import { actorOf } from './principal.ts'
import { digestOf, newSecret } from './secret.ts'
import { ABSOLUTE_MS } from './session-life.ts'
import type { SignIn } from './sign-in.ts'
import type { OperatorStore } from './store.ts'

export interface AuthParts {
  readonly clock: Clock
  readonly operators: OperatorStore
  readonly claim: Claim
  readonly signIn: SignIn
  readonly note: Note
  readonly version: string
  /** A session was ended: whoever listens with it must stop. */
  onSignedOut(session: string): void
}

const PUBLIC = { access: 'public' } as const

/** /session and /claim. */
export function authRoutes(app: App, parts: AuthParts): void {
  const { clock, operators, note } = parts

  const viewOf = (request: FastifyRequest, operator: string | null): SessionView => ({
    state: operator !== null ? 'signed-in' : operators.count() === 0 ? 'unclaimed' : 'signed-out',
    operator,
    address: addressOf(request),
    version: parts.version,
  })

  const open = (
    request: FastifyRequest,
    reply: FastifyReply,
    operator: { id: number; name: string },
  ): SessionView => {
    const cookie = newSecret(32)
    operators.openSession(digestOf(cookie), {
      operatorId: operator.id,
      address: addressOf(request),
      at: clock.now(),
    })
    reply.setCookie(SESSION_COOKIE, cookie, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: request.protocol === 'https',
      maxAge: ABSOLUTE_MS / 1000,
    })
    return viewOf(request, operator.name)
  }

  app.get(
    PATHS.session,
    {
      config: PUBLIC,
      schema: {
        tags: ['session'],
        summary: 'Who is signed in',
        description:
          'Says whether the server has an operator, whether you are signed in, and the address it sees you at.',
        response: { 200: sessionView, ...ERROR_ANSWERS },
      },
    },
    async (request) => viewOf(request, request.principal ? actorOf(request.principal) : null),
  )

  app.post(
    PATHS.session,
    {
      config: PUBLIC,
      schema: {
        tags: ['session'],
        summary: 'Sign in',
        description:
          'Opens a session, kept in a cookie that scripts cannot read. It ends after 7 days without use, and after 30 days in any case. Failed tries are written to the auth log, which the `warder` jail reads.',
        body: loginBody,
        response: { 200: sessionView, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      if (operators.count() === 0) throw new AppError('server.unclaimed')
      const operator = await parts.signIn({ ...request.body, address: addressOf(request) })
      const view = open(request, reply, operator)
      note(request, { actor: operator.name, action: 'session.open', target: operator.name })
      return view
    },
  )

  app.delete(
    PATHS.session,
    {
      config: PUBLIC,
      schema: {
        tags: ['session'],
        summary: 'Sign out',
        description: 'Ends the session and its live streams. Without a session it does nothing.',
        response: { 204: NOTHING, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const { principal } = request
      if (principal?.kind === 'operator') {
        operators.closeSession(principal.session)
        note(request, { action: 'session.close', target: principal.name })
        parts.onSignedOut(principal.session)
      }
      return reply.clearCookie(SESSION_COOKIE, { path: '/' }).code(204).send(null)
    },
  )

  app.post(
    PATHS.claim,
    {
      config: PUBLIC,
      schema: {
        tags: ['session'],
        summary: 'Claim the server',
        description:
          'Makes the first operator, with the claim code that the server shows where it was started, and signs them in.',
        body: claimBody,
        response: { 200: sessionView, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const operator = await parts.claim.redeem({ ...request.body, address: addressOf(request) })
      const view = open(request, reply, operator)
      note(request, { actor: operator.name, action: 'server.claim', target: operator.name })
      return view
    },
  )
}

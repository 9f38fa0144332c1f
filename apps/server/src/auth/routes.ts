import { AppError } from '@warder/protocol'
import {
  claimBody,
  invitationBody,
  loginBody,
  SCOPES_OF,
  sessionView,
  type SessionView,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Note } from '../audit/note.ts'
import type { App } from '../http/app.ts'
import { addressOf } from '../http/client-address.ts'
import { ERROR_ANSWERS, NOTHING } from '../http/route.ts'
import type { Accounts } from './accounts.ts'
import type { Claim } from './claim.ts'
import { SESSION_COOKIE } from './cookies.ts'
import type { Failures } from './failures.ts'
import { actorOf, scopesOf } from './principal.ts'
import type { ProxmoxSignIn } from './proxmox/sign-in.ts'
import { deviceOf, type Sessions } from './sessions.ts'
import type { SignIn } from './sign-in.ts'
import type { OperatorRow, OperatorStore } from './store.ts'

export interface AuthParts {
  readonly operators: OperatorStore
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly failures: Failures
  readonly claim: Claim
  readonly signIn: SignIn
  /** Signing in by Proxmox, with these realms; null: not configured. */
  readonly proxmox: { readonly realms: readonly string[]; readonly signIn: ProxmoxSignIn } | null
  readonly note: Note
  readonly version: string
}

const PUBLIC = { access: 'public' } as const

/** /session, /claim and /invitation: what is open to who is not signed in. */
export function authRoutes(app: App, parts: AuthParts): void {
  const { operators, accounts, sessions, note } = parts
  const realms = [...(parts.proxmox?.realms ?? [])]

  const outside = (request: FastifyRequest): SessionView => ({
    state: operators.count() === 0 ? 'unclaimed' : 'signed-out',
    operator: null,
    role: null,
    scopes: [],
    address: addressOf(request),
    version: parts.version,
    realms,
  })

  /** Signs somebody in, and says so. */
  const enter = (request: FastifyRequest, reply: FastifyReply, operator: OperatorRow): SessionView => {
    sessions.open(request, reply, operator)
    const { name, role } = operator
    return { ...outside(request), state: 'signed-in', operator: name, role, scopes: [...SCOPES_OF[role]] }
  }

  app.get(
    PATHS.session,
    {
      config: PUBLIC,
      schema: {
        tags: ['session'],
        summary: 'Who is signed in',
        description:
          'Says whether the server has an operator, whether you are signed in and what you may do, and the address it sees you at.',
        response: { 200: sessionView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { principal } = request
      if (principal === null) return outside(request)
      const role = principal.kind === 'operator' ? principal.role : null
      const scopes = [...scopesOf(principal)]
      return { ...outside(request), state: 'signed-in' as const, operator: actorOf(principal), role, scopes }
    },
  )

  app.post(
    PATHS.session,
    {
      config: PUBLIC,
      schema: {
        tags: ['session'],
        summary: 'Sign in',
        description:
          'Opens a session, kept in a cookie that scripts cannot read. It ends after 7 days without use, and after 30 days in any case (12 hours with a realm of Proxmox). `login.code-needed` asks for the second factor. Failed tries are written to the auth log, which the `warder` jail reads.',
        body: loginBody,
        response: { 200: sessionView, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const { realm, ...login } = request.body
      const address = addressOf(request)
      let operator: OperatorRow
      if (realm === undefined) {
        if (operators.count() === 0) throw new AppError('server.unclaimed')
        operator = await parts.signIn({ ...login, address, device: deviceOf(request) })
      } else {
        if (parts.proxmox === null || !realms.includes(realm)) throw new AppError('realm.unknown')
        if (operators.count() === 0) throw new AppError('server.unclaimed')
        operator = await parts.proxmox.signIn({ ...login, realm, address })
      }
      const view = enter(request, reply, operator)
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
        note(request, { action: 'session.close', target: principal.name })
        sessions.close(principal.session)
      }
      return reply
        .clearCookie(SESSION_COOKIE, { path: app.basePath || '/' })
        .code(204)
        .send(null)
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
          'Makes the first account, an admin, with the claim code that the server shows where it was started, and signs them in.',
        body: claimBody,
        response: { 200: sessionView, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const operator = await parts.claim.redeem({ ...request.body, address: addressOf(request) })
      const view = enter(request, reply, operator)
      note(request, { actor: operator.name, action: 'server.claim', target: operator.name })
      return view
    },
  )

  app.post(
    PATHS.invitation,
    {
      config: PUBLIC,
      schema: {
        tags: ['session'],
        summary: 'Use an invitation',
        description:
          'Chooses the password of the account that the code was made for, once, and signs in, unless a second factor has to be asked for first.',
        body: invitationBody,
        response: { 200: sessionView, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const { code, password } = request.body
      const address = addressOf(request)
      parts.failures.mayTry('claim', { address })
      const operator = accounts.whoseInvitation(code) === null ? null : await accounts.accept(code, password)
      if (operator === null)
        throw await parts.failures.failed({ code: 'invitation.wrong', address, user: '(invitation)' })
      parts.failures.succeeded('claim', { address })
      note(request, { actor: operator.name, action: 'invitation.use', target: operator.name })
      if (operator.disabledAt !== null) throw new AppError('account.disabled')
      return operator.hasFactor === 1 ? outside(request) : enter(request, reply, operator)
    },
  )
}

import { tokenBody, tokenCreated, tokensView } from '@warder/protocol/api'
import { SCOPES } from '@warder/protocol/words'
import { PATHS } from '@warder/protocol/paths'
import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import * as z from 'zod'
import type { Note } from '../audit/note.ts'
import { principalOf, requesterOf } from '../auth/guard.ts'
import { scopesOf, type Principal } from '../auth/principal.ts'
import { digestOf, newSecret } from '../auth/secret.ts'
import type { App } from '../http/app.ts'
import { ERROR_ANSWERS, NOTHING, pattern } from '../http/route.ts'
import type { ListedToken, TokenStore } from './store.ts'

/** How every token begins, so that it is known when it turns up where it should not be. */
const PREFIX = 'wdr_'
const DAY_MS = 86_400_000

export interface TokenParts {
  readonly clock: Clock
  readonly tokens: TokenStore
  readonly note: Note
  /** Whoever listens with a token that ended must stop. */
  onRevoked(): void
}

/** Whether somebody may see and revoke a token: their own, and every one who may do everything. */
const isTheirs = (principal: Principal, { operatorId }: ListedToken): boolean =>
  operatorId === principal.operatorId || scopesOf(principal).includes('admin')

/** /tokens. */
export function tokenRoutes(app: App, { clock, tokens, note, onRevoked }: TokenParts): void {
  app.get(
    PATHS.tokens,
    {
      schema: {
        tags: ['tokens'],
        summary: 'List API tokens',
        description:
          'The tokens that can be used now, newest first, without their secrets: your own; of everybody for admins.',
        response: { 200: tokensView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const principal = principalOf(request)
      return tokens.usable(clock.now()).filter((token) => isTheirs(principal, token))
    },
  )

  app.post(
    PATHS.tokens,
    {
      schema: {
        tags: ['tokens'],
        summary: 'Create an API token',
        description:
          'The secret is in this answer and never again; the server keeps its hash. Send it as `Authorization: Bearer <secret>`. A token can never do more than the person it belongs to, and stops when they are disabled.',
        body: tokenBody,
        response: { 200: tokenCreated, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { name, days, scopes: wanted } = request.body
      const principal = principalOf(request)
      const lacking = wanted.filter((scope) => !scopesOf(principal).includes(scope))
      if (lacking.length > 0)
        throw new AppError('access.denied', `You do not have "${lacking.join('", "')}" yourself.`)
      const scopes = SCOPES.filter((scope) => wanted.includes(scope))
      const createdAt = clock.now()
      const secret = `${PREFIX}${newSecret(32)}`
      const token = {
        id: newSecret(9),
        name,
        createdAt,
        createdBy: requesterOf(request),
        operatorId: principal.operatorId,
        scopes,
        expiresAt: days === null ? null : createdAt + days * DAY_MS,
      }
      tokens.add(token, digestOf(secret))
      note(request, {
        action: 'token.create',
        target: name,
        after: { id: token.id, name, scopes, expiresAt: token.expiresAt },
      })
      return { ...token, lastUsedAt: null, secret }
    },
  )

  app.delete(
    pattern(PATHS.token(':id')),
    {
      schema: {
        tags: ['tokens'],
        summary: 'Revoke an API token',
        description: 'It stops working at once, and live streams that were opened with it end.',
        params: z.strictObject({ id: z.string().max(64) }),
        response: { 204: NOTHING, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const token = tokens.byId(request.params.id)
      if (!token || !isTheirs(principalOf(request), token)) throw new AppError('token.unknown')
      tokens.revoke(token.id, clock.now())
      note(request, {
        action: 'token.revoke',
        target: token.name,
        before: { id: token.id, name: token.name },
      })
      onRevoked()
      return reply.code(204).send(null)
    },
  )
}

import { AppError } from '@warder/protocol'
import {
  againBody,
  ownAccountView,
  passwordChange,
  recoveryCodes,
  sessionsView,
  totpConfirm,
  totpOffer,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { Clock } from '@warder/daemon'
import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { Note } from '../audit/note.ts'
import type { App } from '../http/app.ts'
import { addressOf } from '../http/client-address.ts'
import { ERROR_ANSWERS, NOTHING, pattern } from '../http/route.ts'
import type { Accounts } from './accounts.ts'
import type { Factors } from './factors.ts'
import type { Failures, Guesser } from './failures.ts'
import { personOf } from './guard.ts'
import { isAlive } from './session-life.ts'
import type { Sessions } from './sessions.ts'

export interface OwnParts {
  readonly clock: Clock
  readonly accounts: Accounts
  readonly factors: Factors
  readonly failures: Failures
  readonly sessions: Sessions
  readonly note: Note
}

/** /account: what everybody does about their own account. */
export function ownRoutes(app: App, parts: OwnParts): void {
  const { clock, accounts, factors, failures, sessions, note } = parts

  /** Who has a session only must not get more by it: the password is asked for again, and guessed as seldom as elsewhere. */
  const askAgain = async (request: FastifyRequest, password: string): Promise<void> => {
    const { operatorId, name, session } = personOf(request)
    const guesser: Guesser = { address: addressOf(request), account: name, device: session }
    failures.mayTry('password', guesser)
    if (!(await accounts.isPasswordOf(operatorId, password)))
      throw await failures.failed({ code: 'password.wrong', address: guesser.address, user: name })
    failures.succeeded('password', guesser)
  }

  app.get(
    PATHS.ownAccount,
    {
      schema: {
        tags: ['account'],
        summary: 'Your account',
        description: 'Name, role, and how you prove that it is you.',
        response: { 200: ownAccountView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { id, name, role, realm, createdAt } = accounts.known(personOf(request).operatorId)
      return { name, role, realm, createdAt, totp: factors.isOn(id), recoveryCodes: factors.codesLeft(id) }
    },
  )

  app.post(
    PATHS.ownPassword,
    {
      schema: {
        tags: ['account'],
        summary: 'Change your password',
        description: 'All your other sessions end.',
        body: passwordChange,
        response: { 204: NOTHING, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const { operatorId, name, session } = personOf(request)
      await askAgain(request, request.body.current)
      await accounts.setPassword(operatorId, request.body.password, session)
      note(request, { action: 'password.change', target: name })
      return reply.code(204).send(null)
    },
  )

  app.get(
    PATHS.ownSessions,
    {
      schema: {
        tags: ['account'],
        summary: 'Your sessions',
        description: 'Where you are signed in, latest used first.',
        response: { 200: sessionsView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { operatorId, session } = personOf(request)
      return sessions
        .of(operatorId)
        .filter((row) => isAlive(row, clock.now()))
        .map(({ hash, ...row }) => ({ ...row, current: hash === session }))
    },
  )

  app.delete(
    PATHS.ownSessions,
    {
      schema: {
        tags: ['account'],
        summary: 'End your other sessions',
        description: 'All but the one that asks for it, with their live streams.',
        response: { 204: NOTHING, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const { operatorId, name, session } = personOf(request)
      const ended = sessions.endAll(operatorId, session)
      note(request, { action: 'session.revoke', target: name, before: { sessions: ended } })
      return reply.code(204).send(null)
    },
  )

  app.delete(
    pattern(PATHS.ownSession(':id')),
    {
      schema: {
        tags: ['account'],
        summary: 'End one of your sessions',
        description: 'At once, with its live streams.',
        params: z.strictObject({ id: z.string().max(64) }),
        response: { 204: NOTHING, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const { operatorId, name } = personOf(request)
      const found = sessions.of(operatorId).find(({ id }) => id === request.params.id)
      if (found === undefined) throw new AppError('session.unknown')
      sessions.end(found)
      note(request, { action: 'session.revoke', target: name, before: { address: found.address } })
      return reply.code(204).send(null)
    },
  )

  app.post(
    PATHS.ownTotp,
    {
      schema: {
        tags: ['account'],
        summary: 'Begin with a second factor',
        description:
          'Answers a key for an app (TOTP, RFC 6238). It is asked for once a code of it was confirmed with `PUT`.',
        body: againBody,
        response: { 200: totpOffer, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { operatorId, name } = personOf(request)
      await askAgain(request, request.body.password)
      return factors.begin(operatorId, name)
    },
  )

  app.put(
    PATHS.ownTotp,
    {
      schema: {
        tags: ['account'],
        summary: 'Confirm the second factor',
        description: 'With a code that the app shows. Answers ten recovery codes; your other sessions end.',
        body: totpConfirm,
        response: { 200: recoveryCodes, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { operatorId, name, session } = personOf(request)
      const guesser = { address: addressOf(request), account: name, device: session }
      failures.mayTry('code', guesser)
      const codes = factors.confirm(operatorId, request.body.code)
      // A slip, and nobody's guess: who is signed in has the key before them.
      if (codes === null) throw new AppError('totp.wrong')
      failures.settled('code', guesser)
      sessions.endAll(operatorId, session)
      note(request, { action: 'totp.add', target: name })
      return { codes: [...codes] }
    },
  )

  app.delete(
    PATHS.ownTotp,
    {
      schema: {
        tags: ['account'],
        summary: 'Remove your second factor',
        description: 'With its recovery codes. A password is enough then.',
        body: againBody,
        response: { 204: NOTHING, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const { operatorId, name } = personOf(request)
      await askAgain(request, request.body.password)
      if (!factors.isOn(operatorId)) throw new AppError('totp.off')
      factors.remove(operatorId)
      note(request, { action: 'totp.remove', target: name })
      return reply.code(204).send(null)
    },
  )

  app.post(
    PATHS.ownRecoveryCodes,
    {
      schema: {
        tags: ['account'],
        summary: 'New recovery codes',
        description: 'Ten, each good once; the earlier ones are void.',
        body: againBody,
        response: { 200: recoveryCodes, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { operatorId, name } = personOf(request)
      await askAgain(request, request.body.password)
      const codes = factors.renewCodes(operatorId)
      note(request, { action: 'totp.recovery', target: name })
      return { codes: [...codes] }
    },
  )
}

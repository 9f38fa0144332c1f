import { AppError } from '@warder/protocol'
import {
  accountBody,
  accountChange,
  accountsView,
  accountView,
  invitationView,
  type InvitationView,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import * as z from 'zod'
import type { Note } from '../audit/note.ts'
import type { App } from '../http/app.ts'
import { ERROR_ANSWERS, NOTHING, pattern } from '../http/route.ts'
import { accountViewOf, type Accounts, type Invited } from './accounts.ts'
import type { Factors } from './factors.ts'
import { principalOf } from './guard.ts'

export interface AccountRouteParts {
  readonly accounts: Accounts
  readonly factors: Factors
  readonly note: Note
}

const params = z.strictObject({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) })

const invitationOf = ({ operator, code, expiresAt }: Invited): InvitationView => ({
  account: accountViewOf(operator),
  code,
  expiresAt,
})

/** /accounts: what admins do about people. */
export function accountRoutes(app: App, { accounts, factors, note }: AccountRouteParts): void {
  app.get(
    PATHS.accounts,
    {
      schema: {
        tags: ['accounts'],
        summary: 'List accounts',
        description: 'Everybody who may sign in, or could once, by name.',
        response: { 200: accountsView, ...ERROR_ANSWERS },
      },
    },
    async () => accounts.all().map(accountViewOf),
  )

  app.post(
    PATHS.accounts,
    {
      schema: {
        tags: ['accounts'],
        summary: 'Create an account',
        description:
          'Answers a code that works once, within three days: with the link `/invitation#<code>` the person chooses their password.',
        body: accountBody,
        response: { 200: invitationView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { name, role } = request.body
      const invited = accounts.create(name, role)
      note(request, { action: 'account.create', target: name, after: { role } })
      return invitationOf(invited)
    },
  )

  app.patch(
    pattern(PATHS.account(':id')),
    {
      schema: {
        tags: ['accounts'],
        summary: 'Change a role, disable or enable an account',
        description:
          'Ends the sessions of the account; tokens of a disabled one do not work. The last admin stays one.',
        params,
        body: accountChange,
        response: { 200: accountView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { id } = request.params
      const before = accounts.known(id)
      const after = accounts.change(id, request.body)
      const shown = ({ role, disabledAt }: typeof before) => ({ role, disabled: disabledAt !== null })
      note(request, {
        action: 'account.change',
        target: before.name,
        before: shown(before),
        after: shown(after),
      })
      return accountViewOf(after)
    },
  )

  app.delete(
    pattern(PATHS.account(':id')),
    {
      schema: {
        tags: ['accounts'],
        summary: 'Delete an account',
        description:
          'With its sessions and tokens. The audit keeps its name. The last admin cannot be deleted.',
        params,
        response: { 204: NOTHING, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const account = accounts.known(request.params.id)
      if (account.id === principalOf(request).operatorId) throw new AppError('account.self')
      accounts.remove(account.id)
      note(request, { action: 'account.remove', target: account.name, before: { role: account.role } })
      return reply.code(204).send(null)
    },
  )

  app.post(
    pattern(PATHS.accountInvitation(':id')),
    {
      schema: {
        tags: ['accounts'],
        summary: 'Reset a password',
        description:
          'The password stops working at once and the sessions end. Answers a code with which the person chooses another one; an earlier code is void.',
        params,
        response: { 200: invitationView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const account = accounts.known(request.params.id)
      const invited = accounts.invite(account.id)
      note(request, { action: 'account.invite', target: account.name })
      return invitationOf(invited)
    },
  )

  app.delete(
    pattern(PATHS.accountTotp(':id')),
    {
      schema: {
        tags: ['accounts'],
        summary: 'Remove the second factor of an account',
        description: 'For who lost their phone and their recovery codes. A password is enough then.',
        params,
        response: { 204: NOTHING, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const account = accounts.known(request.params.id)
      if (account.id === principalOf(request).operatorId) throw new AppError('account.self')
      factors.remove(account.id)
      note(request, { action: 'totp.remove', target: account.name })
      return reply.code(204).send(null)
    },
  )
}

import type { Role } from '@warder/protocol/api'
import { urlByName } from '../port/own-url.ts'
import { operatorName } from '@warder/protocol/api'
import { accountViewOf, invite as makeInvitation, INVITED_MS } from '../auth/accounts.ts'
import { newClaimCode } from '../auth/claim-code.ts'
import { hashPassword } from '../auth/password.ts'
import type { OperatorRow } from '../auth/store.ts'
import { StartError } from '../start-error.ts'
import type { Stores } from '../storage/stores.ts'
import { inHistory, type CodeParts } from './codes.ts'

function known({ operators }: Stores, name: string): OperatorRow {
  const found = operators.byName(name)
  if (found === null)
    throw new StartError(`There is no account "${name}" on this server. warder-server accounts lists them.`)
  return found
}

/** An account whose password this server keeps. */
function own(stores: Stores, name: string): OperatorRow {
  const found = known(stores, name)
  if (found.realm !== null) throw new StartError(`Proxmox keeps the password of "${name}": change it there.`)
  return found
}

function endSessions({ sessions }: Stores, operatorId: number): void {
  for (const { hash } of sessions.ofOperator(operatorId)) sessions.close(hash)
}

function note(
  { audit }: Stores,
  { clock }: CodeParts,
  deed: { action: string; target: string; after?: unknown },
): void {
  audit.add({ at: clock.now(), actor: 'console', address: 'local', ...deed })
}

/** Gives somebody a new password and ends their sessions: the way back in for who can reach the machine. */
export function newPassword(parts: CodeParts, name: string): Promise<void> {
  return inHistory(parts, async (stores) => {
    const account = own(stores, name)
    const password = [newClaimCode(), newClaimCode()].join('-')
    const hash = await hashPassword(password)
    stores.transaction(() => {
      stores.operators.setPassword(account.id, hash)
      endSessions(stores, account.id)
      note(stores, parts, { action: 'password.renew', target: name })
    })
    parts.hint(`The new password of ${name}, shown once; all their sessions have ended:`)
    parts.say(password)
  })
}

/** Prints a link with which somebody chooses their password. With a role it makes the account. */
export function invite(parts: CodeParts, name: string, role: Role | null): Promise<void> {
  const { config, clock } = parts
  return inHistory(parts, (stores) => {
    const { operators } = stores
    const invited = stores.transaction(() => {
      if (role !== null) {
        const named = operatorName.safeParse(name)
        if (!named.success) throw new StartError(`"${name}" cannot be the name of an account.`)
        if (operators.byName(named.data) !== null)
          throw new StartError(`There is an account "${name}" already. Without --role it gets a new link.`)
        operators.add({ name: named.data, password: '', role, realm: null, at: clock.now() })
      }
      const account = own(stores, name.trim())
      endSessions(stores, account.id)
      note(stores, parts, {
        action: role === null ? 'account.invite' : 'account.create',
        target: account.name,
      })
      return makeInvitation(operators, account, clock.now())
    })
    const url = urlByName(config)
    parts.hint(
      `With this link ${name} chooses a password. It works once, within ${INVITED_MS / 86_400_000} days:`,
    )
    parts.say(`${url}/invitation#${invited.code}`)
  })
}

/** Takes the second factor away from somebody who lost it. */
export function removeTotp(parts: CodeParts, name: string): Promise<void> {
  return inHistory(parts, (stores) => {
    const account = own(stores, name)
    stores.factors.remove(account.id)
    note(stores, parts, { action: 'totp.remove', target: name })
    parts.hint(`${name} signs in with the password alone from now on.`)
  })
}

/** Lists who may sign in. */
export function listAccounts(parts: CodeParts): Promise<void> {
  return inHistory(parts, (stores) => {
    for (const row of stores.operators.all()) {
      const { name, role, state, realm, totp } = accountViewOf(row)
      const factor = realm === null ? (totp ? 'password and code' : 'password') : 'by Proxmox'
      parts.say([name, role, state, factor].join('\t'))
    }
  })
}

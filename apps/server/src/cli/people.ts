import type { Role } from '@warder/protocol/api'
import { operatorName } from '@warder/protocol/api'
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { auditStore } from '../audit/store.ts'
import { accountViewOf, invite as makeInvitation, INVITED_MS } from '../auth/accounts.ts'
import { newClaimCode } from '../auth/claim-code.ts'
import { factorStore } from '../auth/factor-store.ts'
import { hashPassword } from '../auth/password.ts'
import { sessionStore } from '../auth/session-store.ts'
import { operatorStore, type OperatorRow } from '../auth/store.ts'
import type { Db } from '../db/open.ts'
import { makeVault } from '../notifications/vault.ts'
import { StartError } from '../start-error.ts'
import { inHistory, type CodeParts } from './codes.ts'

function known(db: Db, name: string): OperatorRow {
  const found = operatorStore(db).byName(name)
  if (found === null)
    throw new StartError(`There is no account "${name}" on this server. warder-server accounts lists them.`)
  return found
}

/** An account whose password this server keeps. */
function own(db: Db, name: string): OperatorRow {
  const found = known(db, name)
  if (found.realm !== null) throw new StartError(`Proxmox keeps the password of "${name}": change it there.`)
  return found
}

function endSessions(db: Db, operatorId: number): void {
  const sessions = sessionStore(db)
  for (const { hash } of sessions.ofOperator(operatorId)) sessions.close(hash)
}

function note(db: Db, { clock }: CodeParts, deed: { action: string; target: string; after?: unknown }): void {
  auditStore(db).add({ at: clock.now(), actor: 'console', address: 'local', ...deed })
}

/** Gives somebody a new password and ends their sessions: the way back in for who can reach the machine. */
export function newPassword(parts: CodeParts, name: string): Promise<void> {
  return inHistory(parts.config, async (db) => {
    const account = own(db, name)
    const password = [newClaimCode(), newClaimCode()].join('-')
    const hash = await hashPassword(password)
    db.transaction(() => {
      operatorStore(db).setPassword(account.id, hash)
      endSessions(db, account.id)
      note(db, parts, { action: 'password.renew', target: name })
    }).immediate()
    parts.hint(`The new password of ${name}, shown once; all their sessions have ended:`)
    parts.say(password)
  })
}

/** Prints a link with which somebody chooses their password. With a role it makes the account. */
export function invite(parts: CodeParts, name: string, role: Role | null): Promise<void> {
  const { config, clock } = parts
  return inHistory(config, (db) => {
    const operators = operatorStore(db)
    const invited = db
      .transaction(() => {
        if (role !== null) {
          const named = operatorName.safeParse(name)
          if (!named.success) throw new StartError(`"${name}" cannot be the name of an account.`)
          if (operators.byName(named.data) !== null)
            throw new StartError(`There is an account "${name}" already. Without --role it gets a new link.`)
          operators.add({ name: named.data, password: '', role, realm: null, at: clock.now() })
        }
        const account = own(db, name.trim())
        endSessions(db, account.id)
        note(db, parts, { action: role === null ? 'account.invite' : 'account.create', target: account.name })
        return makeInvitation(operators, account, clock.now())
      })
      .immediate()
    const url = `${config.tls_cert === undefined ? 'http' : 'https'}://${hostname()}:${config.port}`
    parts.hint(
      `With this link ${name} chooses a password. It works once, within ${INVITED_MS / 86_400_000} days:`,
    )
    parts.say(`${url}/invitation#${invited.code}`)
  })
}

/** Takes the second factor away from somebody who lost it. */
export function removeTotp(parts: CodeParts, name: string): Promise<void> {
  return inHistory(parts.config, (db) => {
    const account = own(db, name)
    // What is sealed is removed without being opened: the key does not matter.
    factorStore(db, makeVault(randomBytes(32))).remove(account.id)
    note(db, parts, { action: 'totp.remove', target: name })
    parts.hint(`${name} signs in with the password alone from now on.`)
  })
}

/** Lists who may sign in. */
export function listAccounts(parts: CodeParts): Promise<void> {
  return inHistory(parts.config, (db) => {
    for (const row of operatorStore(db).all()) {
      const { name, role, state, realm, totp } = accountViewOf(row)
      const factor = realm === null ? (totp ? 'password and code' : 'password') : 'by Proxmox'
      parts.say([name, role, state, factor].join('\t'))
    }
  })
}

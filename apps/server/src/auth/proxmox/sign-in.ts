import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import type { Role } from '@warder/protocol/api'
import type { ZodType } from 'zod'
import type { Transaction } from '../../storage/transaction.ts'
import type { Failures, Guesser } from '../failures.ts'
import type { Sessions } from '../sessions.ts'
import type { OperatorRow, OperatorStore } from '../store.ts'
import { answerFor, factorsOf, permissionsAnswer, roleOf, ticketAnswer } from './answers.ts'
import type { CallProxmox } from './call.ts'

/** Who wants to sign in with what Proxmox knows of them, and from where. */
export interface ProxmoxLoginTry {
  readonly name: string
  readonly realm: string
  readonly password: string
  readonly code?: string | undefined
  readonly address: string
}

export interface ProxmoxSignInParts {
  readonly clock: Clock
  readonly call: CallProxmox
  readonly transaction: Transaction
  readonly operators: OperatorStore
  readonly sessions: Sessions
  readonly failures: Failures
}

export type ProxmoxSignIn = (login: ProxmoxLoginTry) => Promise<OperatorRow>

/** A name as Proxmox takes it, without its realm. */
const NAME = /^[^\s:/@!]{1,60}$/

function read<T>(schema: ZodType<T>, body: string): T {
  try {
    return schema.parse(JSON.parse(body))
  } catch (err) {
    throw new AppError('realm.unreachable', 'Proxmox answers in a form that is not known here.', {
      cause: err,
    })
  }
}

/**
 * Signs in by Proxmox: password and second factor are checked there, and what somebody may do here follows from what
 * they may do there. The ticket is used for that one question and forgotten.
 * @throws AppError login.failed, login.code-needed, login.code-wrong, login.no-right, login.no-factor, realm.unreachable
 */
export function makeProxmoxSignIn(parts: ProxmoxSignInParts): ProxmoxSignIn {
  const { call, failures } = parts

  /** Asks for a ticket; null when Proxmox says no. */
  const askTicket = async (form: Readonly<Record<string, string>>) => {
    const { status, body } = await call({ method: 'POST', path: '/access/ticket', form })
    if (status === 401) return null
    if (status !== 200)
      throw new AppError('realm.unreachable', `Proxmox answers with status ${status} to a sign-in.`)
    return read(ticketAnswer, body).data
  }

  /** Runs a guess: counted before, given back when it was right or when nobody could say. */
  const guess = async <T>(
    what: 'password' | 'foreign-code',
    guesser: Guesser,
    ask: () => Promise<T | null>,
  ) => {
    failures.mayTry(what, guesser)
    let answer: T | null
    try {
      answer = await ask()
    } catch (err) {
      failures.succeeded(what, guesser)
      throw err
    }
    if (answer === null) {
      const code = what === 'password' ? 'login.failed' : 'login.code-wrong'
      throw await failures.failed({ code, address: guesser.address, user: guesser.account ?? '' })
    }
    if (what === 'password') failures.succeeded(what, guesser)
    else failures.settled(what, guesser)
    return answer
  }

  /** The whole ticket of somebody, second factor included. */
  const ticketFor = async (login: ProxmoxLoginTry, guesser: Guesser): Promise<string> => {
    const { realm, password, code } = login
    const username = login.name.trim()
    const first = await guess('password', guesser, () => askTicket({ username, realm, password }))
    if (!first.NeedTFA || first.NeedTFA === '0') return first.ticket
    const factors = factorsOf(first.ticket)
    if (factors.length === 0) throw new AppError('login.no-factor')
    if (code === undefined || code.trim() === '') throw new AppError('login.code-needed')
    const answer = answerFor(code, factors)
    // Not asked there, so that a slip of the pen does not count against the account.
    if (answer === null) throw new AppError('login.code-wrong', 'No factor of this account looks like that.')
    const form = { username: `${username}@${realm}`, 'tfa-challenge': first.ticket, password: answer }
    const second = await guess('foreign-code', guesser, () => askTicket(form))
    return second.ticket
  }

  const roleFor = async (ticket: string): Promise<Role> => {
    const { status, body } = await call({ method: 'GET', path: '/access/permissions', ticket })
    if (status !== 200)
      throw new AppError('realm.unreachable', `Proxmox answers with status ${status} about permissions.`)
    const role = roleOf(read(permissionsAnswer, body).data)
    if (role === null) throw new AppError('login.no-right')
    return role
  }

  /** Writes down who that is and what they may do now; with another role their other sessions end. */
  const account = (name: string, role: Role): OperatorRow => {
    const row = parts.transaction(() => {
      const before = parts.operators.byName(name)
      if (before === null) {
        parts.operators.add({ name, password: '', role, realm: 'proxmox', at: parts.clock.now() })
      } else {
        // Somebody of this server is called so: they are not the same.
        if (before.realm !== 'proxmox') throw new AppError('account.exists')
        if (before.role !== role) {
          parts.operators.setRole(before.id, role)
          parts.sessions.endAll(before.id)
        }
      }
      return parts.operators.byName(name)
    })
    if (row === null) throw new Error('an operator was added and is not there')
    if (row.disabledAt !== null) throw new AppError('account.disabled')
    return row
  }

  return async (login) => {
    const name = `${login.name.trim()}@${login.realm}`
    const guesser: Guesser = { address: login.address, account: name }
    if (!NAME.test(login.name.trim())) {
      failures.mayTry('password', guesser)
      throw await failures.failed({ code: 'login.failed', address: login.address, user: name })
    }
    const ticket = await ticketFor(login, guesser)
    return account(name, await roleFor(ticket))
  }
}

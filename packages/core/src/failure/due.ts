import type { Ticket } from '../ban/ban.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { Account } from './account.ts'
import { tell, type Evidence } from './evidence.ts'

/** What decided that a ticket is due. */
interface Decided {
  readonly maxretry: number
  readonly findtime: number
}

/** A ticket, and the time of the latest failure that it is for. */
export interface TicketDue {
  readonly last: EpochMs
  /** The ticket; to be asked for once. */
  ticket(): Ticket
}

/** The failures of an address that reached maxretry. Their evidence is put together only when somebody asks for the ticket. */
export class Due implements TicketDue {
  readonly last: EpochMs
  /** The estimate that reached maxretry. */
  readonly failures: number
  readonly #seen: number
  readonly #first: EpochMs
  readonly #evidence: Evidence
  readonly #account: Account
  readonly #decided: Decided

  constructor(account: Account, decided: Decided) {
    const { failures, seen, first, last, newest, kept, characters, users } = account
    this.#account = account
    this.last = last
    this.failures = failures
    this.#seen = seen
    this.#first = first
    this.#evidence = { newest, kept, characters, users }
    this.#decided = decided
  }

  /** Its ban is on its way: what the address does until then leads to no other one, so it is counted and no line of it kept. */
  keepNoLines(until: EpochMs): void {
    this.#account.noLinesUntil = until
  }

  ticket(): Ticket {
    const { failures, last } = this
    const seen = this.#seen
    const { maxretry, findtime } = this.#decided
    const { users, lines } = tell(this.#evidence)
    const ticket = { failures, first: this.#first, last, maxretry, findtime, users, lines }
    return seen === failures ? ticket : { ...ticket, seen }
  }
}

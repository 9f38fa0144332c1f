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
  readonly #decided: Decided

  constructor({ failures, seen, first, last, newest, kept, characters, users }: Account, decided: Decided) {
    this.last = last
    this.failures = failures
    this.#seen = seen
    this.#first = first
    this.#evidence = { newest, kept, characters, users }
    this.#decided = decided
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

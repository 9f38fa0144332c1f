import type { EpochMs } from '@warder/core'
import type { Operators } from '@warder/protocol'
import type { Principal } from './principal.ts'

/** For so long after the last sign of life an operator counts as being at the dashboard (ms). */
export const PRESENT_MS = 15 * 60_000
/** Most addresses that are told to nodes. */
const MOST = 200

interface Seen {
  readonly address: string
  readonly at: EpochMs
}

/** A session that was in use a while ago, and from where it was opened. */
export interface KnownSession extends Seen {
  readonly hash: string
}

/**
 * Which operators are at the dashboard, and from where: by their sessions, so only who is signed in. An address may be
 * shared with others (a company's, a mobile network's), therefore it is let go when the session ends.
 */
export class Presence {
  readonly #bySession = new Map<string, Seen>()
  /** Addresses that their operators mean to ban, by session: let alone no longer until they sign in again. */
  readonly #waived = new Map<string, string>()
  readonly #onChanged: () => void

  /** `onChanged`: the addresses are others than before. `known`: from before a restart of the server. */
  constructor(onChanged: () => void, known: readonly KnownSession[] = []) {
    this.#onChanged = onChanged
    for (const { hash, address, at } of known) this.#bySession.set(hash, { address, at })
  }

  /** Somebody did something. */
  seen(principal: Principal, address: string, at: EpochMs): void {
    if (principal.kind !== 'operator') return
    const before = this.#bySession.get(principal.session)
    this.#bySession.set(principal.session, { address, at })
    if (before?.address !== address || at - before.at > PRESENT_MS) this.#onChanged()
  }

  /** A dashboard is still open. */
  still(principal: Principal, at: EpochMs): void {
    const before = principal.kind === 'operator' ? this.#bySession.get(principal.session) : undefined
    if (before !== undefined) this.seen(principal, before.address, at)
  }

  /** A session ended. */
  left(session: string): void {
    this.#waived.delete(session)
    if (this.#bySession.delete(session)) this.#onChanged()
  }

  /** An operator means to ban their own address. */
  waive(address: string): void {
    for (const [session, seen] of this.#bySession) {
      if (seen.address === address) this.#waived.set(session, address)
    }
    this.#onChanged()
  }

  /** Who is there, each address once, with the moment until which that holds. */
  addresses(now: EpochMs): Operators {
    const until = new Map<string, EpochMs>()
    for (const [session, { address, at }] of this.#bySession) {
      if (at + PRESENT_MS <= now) {
        this.#bySession.delete(session)
        this.#waived.delete(session)
      } else if (this.#waived.get(session) !== address)
        until.set(address, Math.max(until.get(address) ?? 0, at + PRESENT_MS))
    }
    return [...until].slice(0, MOST).map(([ip, end]) => ({ ip, until: end }))
  }
}

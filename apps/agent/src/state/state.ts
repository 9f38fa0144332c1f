import { join } from 'node:path'
import { backendsStore, type Backends } from './backends.ts'
import { bansStore, type Bans } from './bans.ts'
import { cursorsStore, type Cursors } from './cursors.ts'
import { factsStore, type Facts } from './facts.ts'
import { failuresStore, type Failures } from './failures.ts'
import { identityStore, type Identity } from './identity.ts'
import { listsStore, type SavedLists } from './lists.ts'
import { offencesStore, type Offences } from './offences.ts'
import { openDb, isOfTheWorld } from './open.ts'
import { ordersStore, type Orders } from './orders.ts'
import { outboxStore, type Outbox } from './outbox.ts'
import { packsStore, type Packs } from './packs.ts'
import { pendingStore, type Pending } from './pending.ts'
import { suspensionsStore, type Suspensions } from './suspensions.ts'
import { sharesStore, type Shares } from './shares.ts'
import { settingsStore, type SavedSettings } from './settings.ts'

/** All that the agent remembers, in one file. */
export interface State {
  readonly backends: Backends
  readonly bans: Bans
  readonly cursors: Cursors
  readonly facts: Facts
  readonly failures: Failures
  readonly identity: Identity
  readonly lists: SavedLists
  readonly offences: Offences
  readonly orders: Orders
  readonly outbox: Outbox
  readonly packs: Packs
  readonly pending: Pending
  readonly settings: SavedSettings
  readonly shares: Shares
  readonly suspensions: Suspensions
  /** Where a broken state file was put, when this start found one. */
  readonly aside: string | null
  /** What the function writes is on disk when this returns, all of it or, when it throws, nothing. @throws StateError */
  together<T>(write: () => T): T
  close(): void
}

/** The state cannot be written now, as when the disk is full: trying again later can help. */
export class StateError extends Error {
  constructor(cause: Error) {
    super(`the state cannot be written: ${cause.message}`, { cause })
  }
}

/** Opens the state in a folder (`state.db`). @throws when it cannot be written or is of a later release */
export function openState(folder: string, nowMs: number): State {
  const { db, aside } = openDb(join(folder, 'state.db'), nowMs)
  const facts = factsStore(db)
  const packs = packsStore(db)
  const outbox = outboxStore({ db, facts, packs })
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  return {
    backends: backendsStore(facts),
    bans: bansStore(db, packs),
    cursors: cursorsStore(db),
    facts,
    failures: failuresStore(db),
    identity: identityStore(facts),
    lists: listsStore(facts),
    offences: offencesStore(db),
    orders: ordersStore(db),
    outbox,
    packs,
    pending: pendingStore(db),
    settings: settingsStore(facts),
    shares: sharesStore(db),
    suspensions: suspensionsStore(facts),
    aside,
    together(write) {
      try {
        begin.run()
        const result = write()
        commit.run()
        return result
      } catch (err) {
        if (db.inTransaction) rollback.run()
        outbox.recount()
        throw isOfTheWorld(err) ? new StateError(err) : err
      }
    },
    close: () => void db.close(),
  }
}

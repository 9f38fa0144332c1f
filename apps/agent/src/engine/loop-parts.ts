import type { Effect, Engine, NodeEvent } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import type { Suspended } from '@warder/protocol'
import type { Firewall } from '../firewall/firewall.ts'
import type { State } from '../state/state.ts'

/** What the loop joins. */
export interface LoopParts {
  readonly engine: Engine
  readonly firewall: Firewall
  readonly state: State
  readonly clock: Clock
  readonly log: Logger
  /** A suspension of before a restart that goes on. */
  readonly suspended?: Suspended | null
  /** Told of events once they are on disk. */
  readonly onRecorded: (events: readonly NodeEvent[]) => void
  /** A jail's expressions cannot cope with what is logged: they are to be put aside. */
  readonly onStuck: (jail: string) => void
  /** Something is asked about a failure; the reply is to come back by `resume`. */
  readonly onAsked: (ask: Extract<Effect, { kind: 'ask' }>) => void
}

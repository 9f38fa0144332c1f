import type { Effect, Engine, EngineView, NodeEvent, Plan } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import type { Suspended } from '@warder/protocol'
import type { Firewall, FirewallPlan } from '../firewall/firewall.ts'
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

/** What a plan means for the two who follow it. */
export interface Planned {
  readonly engine: Plan
  readonly firewall: FirewallPlan
}

/** What is written, and then told, together with what follows from a plan. */
export interface Along {
  readonly write: () => void
  readonly events: readonly NodeEvent[]
  /** What can only be told once the engine has the plan. */
  readonly after?: (view: EngineView) => readonly NodeEvent[]
}

import type { Clock } from '@warder/daemon'
import type { AgentConfig } from './config/schema.ts'
import type { Candidate } from './doctor/candidates.ts'
import { makeWriter } from './doctor/writer.ts'
import type { Places } from './hardening/places.ts'
import { placesHere } from './hardening/places-here.ts'

/** The machine whose settings the agent looks at, and into whose logs the doctor writes. */
export interface Host {
  readonly places: Places
  /** Where the program listens that may change settings; null: there is none. */
  readonly socket: string | null
  readonly write: (source: string, candidate: Candidate) => Promise<void>
}

/** This machine. `journalWriter`: what writes to its journal. */
export const hostHere = (
  config: AgentConfig,
  clock: Clock,
  journalWriter?: readonly [string, ...string[]],
): Host => ({
  places: placesHere(config, clock),
  socket: config.harden_socket,
  write: makeWriter(config.harden_socket, journalWriter),
})

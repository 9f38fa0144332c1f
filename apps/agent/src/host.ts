import type { Clock } from '@warder/daemon'
import type { AgentConfig } from './config/schema.ts'
import type { Here } from './doctor/author.ts'
import type { Candidate } from './doctor/candidates.ts'
import { lookAround } from './doctor/look-around.ts'
import { makeWriter } from './doctor/writer.ts'
import type { Places } from './hardening/places.ts'
import { placesHere } from './hardening/places-here.ts'

/** The machine whose settings the agent looks at, and into whose logs the doctor writes. */
export interface Host {
  readonly places: Places
  /** Where the program listens that may change settings; null: there is none. */
  readonly socket: string | null
  readonly write: (source: string, candidate: Candidate) => Promise<void>
  /** Looks at services and users. */
  readonly look: (services: readonly string[]) => Promise<Here>
}

/** This machine. `enter`: what programs that write to its journal are run by. */
export const hostHere = (config: AgentConfig, clock: Clock, enter: readonly string[] = []): Host => {
  const places = placesHere(config, clock)
  return {
    places,
    socket: config.harden_socket,
    write: makeWriter(config.harden_socket, enter),
    look: (services) => lookAround(services, places.run),
  }
}

import type { Doctor } from './doctor/doctor.ts'
import type { Loop } from './engine/loop.ts'
import type { Tally } from './health/tally.ts'
import type { Link } from './link/link.ts'
import type { Applier } from './settings/apply.ts'
import type { Roster } from './source/roster.ts'
import type { State } from './state/state.ts'
import type { Suspender } from './suspension/suspender.ts'

/** All that runs while the agent does. */
export interface Running {
  readonly loop: Loop
  readonly roster: Roster
  readonly applier: Applier
  readonly state: State
  readonly link: Link | null
  readonly tally: Tally
  readonly suspender: Suspender
  readonly doctor: Doctor
}

import type { Clock, Logger } from '@warder/daemon'
import type { NodeStatus } from '@warder/protocol'
import type { AgentConfig } from './config/schema.ts'
import type { Firewall } from './firewall/firewall.ts'
import type { SourceMaker } from './source/source.ts'

/** What an agent is made of. `firewall` and `sources` are chosen from the configuration where absent. */
export interface AgentParts {
  readonly config: AgentConfig
  readonly clock: Clock
  readonly log: Logger
  readonly firewall?: Firewall
  readonly sources?: SourceMaker
}

/** The daemon on a node. */
export interface Agent {
  /** Resolves when bans are restored, sources are read and the control socket listens. @throws when it cannot run */
  start(): Promise<void>
  status(): NodeStatus
  /** Stops within 2 s. */
  [Symbol.asyncDispose](): Promise<void>
}

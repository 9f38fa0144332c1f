import type { EpochMs } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import type { OutboxEvent } from '@warder/protocol'
import type { ServerConfig } from './config/schema.ts'

/** What a server is made of. */
export interface ServerParts {
  readonly config: ServerConfig
  readonly clock: Clock
  readonly log: Logger
}

/** Where a started server can be reached; the claim code is null once it has an operator. */
export interface Started {
  readonly url: string
  readonly claimCode: string | null
}

/** The past of a node, told by someone else than its agent: a demonstration, an import. */
export interface NodePast {
  /** The name it has, or will have: an agent that enrols under this name takes the past as its own. */
  readonly node: string
  readonly cluster: string | null
  readonly enrolledAt: EpochMs
  /** Numbered without gaps from 1, or from where the last call for this node ended. */
  readonly events: readonly OutboxEvent[]
}

export interface Server {
  /** Opens history, listens. Throws an error whose message is a sentence for the operator. */
  start(): Promise<Started>
  /** A join text (`warder-join.…`) that one agent can use within `minutes`. */
  createJoin(minutes: number): string
  /** Makes an operator who can sign in, as claiming does; a claimed server gets another one. */
  createOperator(name: string, password: string): Promise<void>
  /** Writes a past through the same code that takes events from agents, in one transaction; answers how many were new. */
  ingestHistory(past: NodePast): number
  [Symbol.asyncDispose](): Promise<void>
}

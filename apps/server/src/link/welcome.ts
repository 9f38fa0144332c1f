import type { WebSocket } from '@fastify/websocket'
import type { Clock, Logger } from '@warder/daemon'
import {
  CLOSE,
  parseUp,
  settingsFor,
  toFrame,
  welcomeBytes,
  type Answer,
  type Down,
  type Hello,
  type NodeStatus,
  type WantedSettings,
} from '@warder/protocol'
import type { Admission, Arrival } from '../enrolment/admit.ts'
import { greet, REFUSALS, type Challenge, type RefusalCode } from './greeting.ts'
import type { Identity } from './identity.ts'
import type { Roster } from './roster.ts'
import { Session, type Batch, type LinkedNode, type Taken } from './session.ts'

/** What the link is given to do with what arrives. */
export interface LinkParts {
  readonly clock: Clock
  readonly log: Logger
  readonly identity: Identity
  readonly roster: Roster
  admit(arrival: Arrival): Admission
  /** The outbox of a node by its own id, and how far it is in history. */
  outboxOf(nodeId: number, outbox: string): { readonly id: number; readonly acked: number }
  settingsFor(node: LinkedNode): WantedSettings
  /** What a node is told behind its welcome: what waits for it, and what is wanted of it. */
  messagesFor(node: LinkedNode, version: number): readonly Down[]
  /** Told once a node is welcomed, before that: who is at the dashboard goes to it. */
  onWelcome(nodeId: number): void
  onEvents(batch: Batch, done: (taken: Taken) => void): void
  onStatus(node: LinkedNode, status: NodeStatus): void
  onAnswer(node: LinkedNode, id: string, answer: Answer): void
  /** A node came online or went offline. */
  onPresence(node: LinkedNode): void
}

/** A connection whose first message has arrived. */
export interface Caller {
  readonly socket: WebSocket
  readonly address: string
  readonly challenge: Challenge
}

/** What a hello says of the events and messages to come. */
interface Spoken {
  readonly outboxId: number
  readonly version: number
}

const CLOSE_CODES: Readonly<Record<RefusalCode, number>> = {
  'join-code-invalid': CLOSE.refused,
  'key-unknown': CLOSE.refused,
  'signature-wrong': CLOSE.refused,
  'version-unserved': CLOSE.version,
  'node-removed': CLOSE.revoked,
}

/** Makes the function that finds out who a caller is by the first message, and opens a session or closes the socket. */
export function makeWelcome(parts: LinkParts): (caller: Caller, first: string) => Session | null {
  const refuse = ({ socket, address }: Caller, code: RefusalCode, name: string | null): null => {
    parts.log.warn({ node: name, address, code }, 'agent refused')
    socket.send(toFrame({ kind: 'refused', code, message: REFUSALS[code] }))
    socket.close(CLOSE_CODES[code], code)
    return null
  }

  const enter = (socket: WebSocket, node: LinkedNode, { outboxId, version }: Spoken): Session => {
    const { clock, log, roster, onEvents, onStatus, onAnswer } = parts
    const told = { onEvents, onStatus, onAnswer }
    const session = new Session({ socket, clock, log, node, outboxId, version, ...told })
    roster.enter(session)?.close(CLOSE.replaced, 'another agent of this node took over')
    socket.on('close', (code) => {
      if (!roster.leave(session)) return
      log.info({ node: node.name, code }, 'agent left')
      parts.onPresence(node)
    })
    return session
  }

  const welcome = ({ socket, challenge }: Caller, hello: Hello, node: LinkedNode): Session => {
    const outbox = parts.outboxOf(node.id, hello.outbox)
    const session = enter(socket, node, { outboxId: outbox.id, version: hello.version })
    const proof = welcomeBytes({ serverNonce: challenge.nonce, nonce: hello.nonce, key: hello.key })
    session.send({
      kind: 'welcome',
      node: node.name,
      signature: parts.identity.sign(proof),
      acked: outbox.acked,
      settings: settingsFor(hello.version, parts.settingsFor(node)),
      at: parts.clock.now(),
    })
    parts.onWelcome(node.id)
    for (const message of parts.messagesFor(node, hello.version)) session.send(message)
    parts.onPresence(node)
    return session
  }

  return (caller, first) => {
    const greeting = greet(caller.challenge, parseUp(first))
    if (greeting.kind === 'broken') {
      caller.socket.close(CLOSE.protocol, greeting.problem.slice(0, 100))
      return null
    }
    if (greeting.kind === 'refused') return refuse(caller, greeting.code, null)
    const { hello } = greeting
    const admission = parts.admit({ hello, address: caller.address, at: parts.clock.now() })
    if (!admission.ok) return refuse(caller, admission.code, hello.name)
    const { node, enrolled } = admission
    parts.log.info({ node: node.name, address: caller.address, enrolled }, 'agent linked')
    return welcome(caller, hello, node)
  }
}

import { randomBytes } from 'node:crypto'
import {
  channelBytes,
  helloBytes,
  LINK_VERSION,
  parseJoin,
  welcomeBytes,
  type Down,
  type Hello,
} from '@warder/protocol'
import { isSignedBy, keyFingerprint, type Identity } from '../state/identity.ts'
import { VERSION } from '../version.ts'

type Challenge = Extract<Down, { kind: 'challenge' }>
type Welcome = Extract<Down, { kind: 'welcome' }>

/** What this node says of itself. */
export interface Introduction {
  readonly name: string
  readonly cluster: string | null
  /** The id of the outbox. */
  readonly outbox: string
  /** The join text of the configuration. */
  readonly join: string | null
  /** What the server has to vouch for: its end of a connection whose certificate nobody signed; null: nothing. */
  readonly unvouched: string | null
}

/** A greeting that was begun: what was sent, and what has to come back. */
export interface Greeting {
  readonly hello: Hello
  /** The join code that is in it; null when the server should know us. */
  readonly join: string | null
  /** Whether a welcome comes from the one who holds the server's key. */
  isFrom(welcome: Welcome): boolean
}

/** A greeting, or why the server on the other side is not to be greeted; final: until an operator does something. */
export type Begun =
  | { readonly ok: true; readonly greeting: Greeting }
  | { readonly ok: false; readonly reason: string; readonly isFinal: boolean }

/**
 * Answers a challenge. On first contact (a join text that was not used yet) the server's key must fit the
 * fingerprint in the text, afterwards it must be the one that was pinned then.
 */
export function greet(challenge: Challenge, identity: Identity, introduction: Introduction): Begun {
  const offered = introduction.join === null ? null : parseJoin(introduction.join)
  const join = offered !== null && offered.code !== identity.joinedWith() ? offered : null
  const pinned = identity.serverKey()
  if (join === null && pinned === null) {
    return {
      ok: false,
      reason: 'this node is not enrolled: create a join code in the dashboard and run: warder enrol URL CODE',
      isFinal: true,
    }
  }
  const isRight =
    join === null ? challenge.key === pinned : keyFingerprint(challenge.key) === join.fingerprint
  if (!isRight) {
    return {
      ok: false,
      reason: 'the server has another key than the one this node was enrolled with; nothing was sent to it',
      isFinal: false,
    }
  }
  if (introduction.unvouched !== null && !isVouchedFor(challenge, introduction.unvouched)) {
    return {
      ok: false,
      reason:
        'nobody whom this node trusts signed the certificate of the server, and the server itself does not vouch for the connection; behind a proxy set [tls] ca or fingerprint in agent.toml',
      isFinal: false,
    }
  }
  const nonce = randomBytes(32).toString('base64')
  const proof = {
    version: LINK_VERSION,
    serverNonce: challenge.nonce,
    serverKey: challenge.key,
    key: identity.key,
    nonce,
  }
  const hello: Hello = {
    kind: 'hello',
    version: LINK_VERSION,
    key: identity.key,
    signature: identity.sign(helloBytes(proof)),
    nonce,
    name: introduction.name,
    cluster: introduction.cluster,
    agent: VERSION,
    outbox: introduction.outbox,
    ...(join === null ? {} : { join: join.code }),
  }
  const answer = welcomeBytes({ serverNonce: challenge.nonce, nonce, key: identity.key })
  const isFrom = (welcome: Welcome): boolean => isSignedBy(challenge.key, answer, welcome.signature)
  return { ok: true, greeting: { hello, join: join?.code ?? null, isFrom } }
}

function isVouchedFor({ key, nonce, channel }: Challenge, exported: string): boolean {
  return channel !== undefined && isSignedBy(key, channelBytes({ serverNonce: nonce, exported }), channel)
}

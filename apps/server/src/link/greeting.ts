import {
  helloBytes,
  LINK_VERSION,
  LINK_VERSION_MIN,
  type Down,
  type Hello,
  type Parsed,
  type Up,
} from '@warder/protocol'
import { isSignedBy } from './identity.ts'

export type RefusalCode = Extract<Down, { kind: 'refused' }>['code']

/** What the server asked of an agent. */
export interface Challenge {
  readonly nonce: string
  readonly key: string
}

/** What became of the first message of an agent. */
export type Greeting =
  | { readonly kind: 'greeted'; readonly hello: Hello }
  | { readonly kind: 'refused'; readonly code: RefusalCode }
  | { readonly kind: 'broken'; readonly problem: string }

/** In words, what an operator reads on the node. */
export const REFUSALS: Readonly<Record<RefusalCode, string>> = {
  'join-code-invalid':
    'The join code is unknown, used already or expired. Create a new one in the dashboard under Nodes.',
  'key-unknown':
    'This server does not know the node. Create a join code in the dashboard and run: warder enrol URL CODE',
  'signature-wrong':
    'The signature does not fit the key of the node. Check that nothing between node and server changes messages.',
  'version-unserved': `This server speaks version ${LINK_VERSION_MIN} to ${LINK_VERSION} of the link. Install the same version of Warder on both sides.`,
  'node-removed':
    'An operator removed this node. To bring it back create a join code in the dashboard and run: warder enrol URL CODE',
}

/** Checks the first message: that it is a hello of a version we serve, signed for our challenge. */
export function greet(challenge: Challenge, first: Parsed<Up>): Greeting {
  if (!first.ok) return { kind: 'broken', problem: first.problem }
  const hello = first.message
  if (hello.kind !== 'hello') return { kind: 'broken', problem: 'the first message must be a hello' }
  if (hello.version < LINK_VERSION_MIN || hello.version > LINK_VERSION)
    return { kind: 'refused', code: 'version-unserved' }
  const bytes = helloBytes({
    version: hello.version,
    serverNonce: challenge.nonce,
    serverKey: challenge.key,
    key: hello.key,
    nonce: hello.nonce,
  })
  if (!isSignedBy(hello.key, bytes, hello.signature)) return { kind: 'refused', code: 'signature-wrong' }
  return { kind: 'greeted', hello }
}

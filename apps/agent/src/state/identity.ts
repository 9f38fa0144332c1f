import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import type { Facts } from './facts.ts'

/** Who this node is towards the server, and whom it takes for the server. */
export interface Identity {
  /** Raw Ed25519 public key, base64. */
  readonly key: string
  /** Signature over a text, base64. */
  sign(text: string): string
  /** The name that the server gave this node; null before the first welcome. */
  node(): string | null
  /** The server's raw public key, base64, since the first contact; null before. */
  serverKey(): string | null
  /** The join code that was accepted last. */
  joinedWith(): string | null
  /** What a welcome settles. */
  settle(facts: { readonly node: string; readonly serverKey: string; readonly join: string | null }): void
}

/** The identity in the state file, made on the first start. */
export function identityStore(facts: Facts): Identity {
  const saved = facts.get('private-key')
  const privateKey = saved
    ? createPrivateKey({ key: Buffer.from(saved, 'base64'), format: 'der', type: 'pkcs8' })
    : generateKeyPairSync('ed25519').privateKey
  if (!saved) facts.set('private-key', privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'))
  const key = toRaw(createPublicKey(privateKey).export({ format: 'jwk' }).x)
  return {
    key,
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64'),
    node: () => facts.get('node'),
    serverKey: () => facts.get('server-key'),
    joinedWith: () => facts.get('joined-with'),
    settle({ node, serverKey, join }) {
      facts.set('node', node)
      facts.set('server-key', serverKey)
      if (join !== null) facts.set('joined-with', join)
    },
  }
}

const toRaw = (x: string | undefined): string => Buffer.from(x ?? '', 'base64url').toString('base64')

/** Whether a signature (base64) over a text was made with the private half of a raw Ed25519 key (base64). */
export function isSignedBy(key: string, text: string, signature: string): boolean {
  try {
    const x = Buffer.from(key, 'base64').toString('base64url')
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

/** What a join text says of the server's key: the first 32 hexadecimal digits of its SHA-256. */
export const keyFingerprint = (key: string): string =>
  createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').slice(0, 32)

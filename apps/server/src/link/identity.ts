import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeAtomically } from '@warder/daemon'

/** The server's Ed25519 key, by which agents know it again. */
export interface Identity {
  /** The raw public key, base64. */
  readonly key: string
  /** First 32 hexadecimal digits of the SHA-256 of the raw public key, as in a join text. */
  readonly fingerprint: string
  /** A signature over text, base64. */
  sign(text: string): string
}

/** Reads the key file, or makes one that only its owner may read. */
export async function openIdentity(file: string): Promise<Identity> {
  const known = readIdentity(file)
  if (known) return known
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeAtomically(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600)
  const made = readIdentity(file)
  if (!made) throw new Error(`${file} was written but cannot be read`)
  return made
}

/** Reads the key file; null when there is none. @throws when it holds something else than a key */
export function readIdentity(file: string): Identity | null {
  let pem: string
  try {
    pem = readFileSync(file, 'utf8')
  } catch (err) {
    if (err instanceof Error && 'code' in err && err.code === 'ENOENT') return null
    throw err
  }
  const privateKey = createPrivateKey(pem)
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  if (x === undefined) throw new Error(`${file} does not hold an Ed25519 key`)
  const raw = Buffer.from(x, 'base64url')
  return {
    key: raw.toString('base64'),
    fingerprint: createHash('sha256').update(raw).digest('hex').slice(0, 32),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  }
}

/** Whether `signature` (base64) over `text` was made with the key whose raw public half (base64) is `key`. */
export function isSignedBy(key: string, text: string, signature: string): boolean {
  const raw = Buffer.from(key, 'base64')
  if (raw.length !== 32) return false
  try {
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
      format: 'jwk',
    })
    return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

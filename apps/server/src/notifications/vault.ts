import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { writeAtomically } from '@warder/daemon'

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Seals secrets, so that a copy of the database alone gives none of them away. */
export interface Vault {
  /** Text → sealed text. */
  seal(text: string): string
  /** Sealed text → text; null when it was sealed with another key, or changed. */
  open(sealed: string): string | null
}

export function makeVault(key: Buffer): Vault {
  return {
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, key, nonce)
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      const [tagAt, textAt] = [NONCE_BYTES, NONCE_BYTES + TAG_BYTES]
      if (bytes.length < textAt) return null
      try {
        const cipher = createDecipheriv(CIPHER, key, bytes.subarray(0, tagAt), { authTagLength: TAG_BYTES })
        cipher.setAuthTag(bytes.subarray(tagAt, textAt))
        return Buffer.concat([cipher.update(bytes.subarray(textAt)), cipher.final()]).toString('utf8')
      } catch {
        return null
      }
    },
  }
}

/** The vault of a data folder; its key is made at first use, and only its owner may read it. */
export async function openVault(file: string): Promise<Vault> {
  try {
    const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64')
    if (key.length === KEY_BYTES) return makeVault(key)
    throw new Error(`${file} is no key of a vault. Remove it, and enter the secrets of all channels again.`)
  } catch (err) {
    if (!(err instanceof Error && 'code' in err && err.code === 'ENOENT')) throw err
  }
  const key = randomBytes(KEY_BYTES)
  await writeAtomically(file, `${key.toString('base64')}\n`, 0o600)
  return makeVault(key)
}

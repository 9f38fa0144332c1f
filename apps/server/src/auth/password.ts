import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'

/** Cost of a hash: about 80 ms and 32 MiB. Kept beside each hash, so that it can be raised. */
const COST = { ln: 15, r: 8, p: 1 } as const
const KEY_BYTES = 32
/** Most hashes under way at once; they take memory and every thread. */
const AT_ONCE = 16

let underWay = 0

/** Raised when too many passwords are being checked at this moment. */
export class Busy extends Error {}

function derive(password: string, salt: Buffer, cost: { ln: number; r: number; p: number }): Promise<Buffer> {
  if (underWay >= AT_ONCE) throw new Busy('too many passwords are being checked')
  const options: ScryptOptions = {
    N: 2 ** cost.ln,
    r: cost.r,
    p: cost.p,
    maxmem: 128 * 2 ** cost.ln * cost.r * 2,
  }
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  underWay++
  scrypt(password.normalize('NFC'), salt, KEY_BYTES, options, (err, key) => {
    underWay--
    if (err) reject(err)
    else resolve(key)
  })
  return promise
}

/** A password → what is stored of it: `scrypt$ln$r$p$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, COST)
  return ['scrypt', COST.ln, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

const FORM = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d)\$([\w-]+)\$([\w-]+)$/

/**
 * Whether a password is the one that was stored. With `stored` null (no such operator) it is never right, but
 * takes as long, so that names cannot be found out. @throws Busy
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, ln, r, p, salt, key] = FORM.exec(stored ?? '') ?? []
  if (!ln || !r || !p || !salt || !key) {
    await derive(password, randomBytes(16), COST)
    return false
  }
  const derived = await derive(password, Buffer.from(salt, 'base64url'), {
    ln: Number(ln),
    r: Number(r),
    p: Number(p),
  })
  const wanted = Buffer.from(key, 'base64url')
  return derived.length === wanted.length && timingSafeEqual(derived, wanted)
}

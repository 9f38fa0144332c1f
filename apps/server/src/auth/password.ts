import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'

/**
 * Cost of a hash, as OWASP recommends it: about 400 ms and 128 MiB. Kept beside each hash; one that was made for less is
 * made anew when its password comes next.
 */
export const COST: Cost = { ln: 17, r: 8, p: 1 }
const KEY_BYTES = 32
/** Most hashes under way at once, for their memory and so that threads are left for files; more wait in line. */
const AT_ONCE = 2
/** Most that wait; more are turned away. */
const WAITING = 14

/** Parameters of scrypt; N is 2^ln. */
export interface Cost {
  readonly ln: number
  readonly r: number
  readonly p: number
}

let underWay = 0
const waiting: (() => void)[] = []

/** Raised when too many passwords are being checked at this moment. */
export class Busy extends Error {}

/** Waits for its turn. @throws Busy */
async function begin(): Promise<void> {
  if (underWay < AT_ONCE) {
    underWay++
    return
  }
  if (waiting.length >= WAITING) throw new Busy('too many passwords are being checked')
  const { promise, resolve } = Promise.withResolvers<void>()
  waiting.push(resolve)
  await promise
}

/** The turn goes to who waits longest. */
function end(): void {
  const next = waiting.shift()
  if (next === undefined) underWay--
  else next()
}

async function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  await begin()
  try {
    return await hashed(password, salt, cost)
  } finally {
    end()
  }
}

function hashed(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  const options: ScryptOptions = {
    N: 2 ** cost.ln,
    r: cost.r,
    p: cost.p,
    maxmem: 128 * 2 ** cost.ln * cost.r * 2,
  }
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  scrypt(password.normalize('NFC'), salt, KEY_BYTES, options, (err, key) => {
    if (err) reject(err)
    else resolve(key)
  })
  return promise
}

/** A password → what is stored of it: `scrypt$ln$r$p$salt$key`. */
export async function hashPassword(password: string, cost: Cost = COST): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  return ['scrypt', cost.ln, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

const FORM = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d)\$([\w-]+)\$([\w-]+)$/

/**
 * Whether a password is the one that was stored. With `stored` null (no such operator) it is never right, but
 * takes as long, so that names cannot be found out. @throws Busy
 */
export async function isPassword(
  password: string,
  stored: string | null,
  cost: Cost = COST,
): Promise<boolean> {
  const [, ln, r, p, salt, key] = FORM.exec(stored ?? '') ?? []
  if (!ln || !r || !p || !salt || !key) {
    await derive(password, randomBytes(16), cost)
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

/** Whether a hash was made with another cost than one that is made today: a successful sign-in is the moment to renew it. */
export function isOutdated(stored: string, cost: Cost = COST): boolean {
  const [, ln, r, p] = FORM.exec(stored) ?? []
  return Number(ln) !== cost.ln || Number(r) !== cost.r || Number(p) !== cost.p
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A new secret of so many random bytes, as base64url. */
export const newSecret = (bytes: number): string => randomBytes(bytes).toString('base64url')

/** What is stored in place of a secret that was random enough not to need a slow hash. */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Whether two texts are equal, in a time that tells nothing about where they differ or how long they are. */
export const sameText = (one: string, other: string): boolean =>
  timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest())

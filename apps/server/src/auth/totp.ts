import type { EpochMs } from '@warder/core'
import { createHmac, timingSafeEqual } from 'node:crypto'

/** How long a code holds, in seconds, and how many digits it has: what every app takes for granted. */
const STEP_S = 30
const DIGITS = 6
/** How many steps a clock may be off, to either side. */
const SLACK = 1

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Bytes → base32 (RFC 4648) without padding. */
export function toBase32(bytes: Buffer): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(held >> bits) & 31]
    }
  }
  return bits > 0 ? text + (ALPHABET[(held << (5 - bits)) & 31] ?? '') : text
}

/** The number of the 30 seconds that a moment lies in. */
export const stepAt = (at: EpochMs): number => Math.floor(at / 1000 / STEP_S)

/** The code of a step (RFC 6238 with SHA-1, which is what apps know; RFC 4226 for how it is cut). */
export function codeOf(key: Buffer, step: number, digits: number = DIGITS): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hmac = createHmac('sha1', key).update(counter).digest()
  const cut = hmac.readUInt32BE((hmac.at(-1) ?? 0) & 0x0f) & 0x7fffffff
  return String(cut % 10 ** digits).padStart(digits, '0')
}

/**
 * The step that a code belongs to, or null when it is wrong. A code of the step that was used last, or of one before
 * it, was seen already: who looked over a shoulder cannot use it again.
 */
export function stepOfCode(
  key: Buffer,
  code: string,
  { now, lastStep }: { readonly now: EpochMs; readonly lastStep: number | null },
): number | null {
  const said = Buffer.from(code.replaceAll(/\s/g, ''))
  const current = stepAt(now)
  for (let step = current - SLACK; step <= current + SLACK; step++) {
    const right = Buffer.from(codeOf(key, step))
    if (said.length === right.length && timingSafeEqual(said, right) && step > (lastStep ?? -1)) return step
  }
  return null
}

/** What a QR code holds, for apps: whose codes these are. */
export const totpUri = (key: Buffer, account: string): string =>
  `otpauth://totp/${encodeURIComponent(`Warder:${account}`)}?secret=${toBase32(key)}&issuer=Warder&algorithm=SHA1&digits=${DIGITS}&period=${STEP_S}`

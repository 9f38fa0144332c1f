import type { EpochMs } from '@warder/core'

/** What became of one try to deliver. `final`: another try would end the same way. */
export type Outcome =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly final: boolean
      readonly message: string
      readonly remedy: string
      /** How long the other side asks to be left alone (ms). */
      readonly waitMs?: number
    }

/** So many tries, over about four hours. */
export const TRIES = 10
const FIRST_MS = 30_000
const MOST_MS = 3_600_000

/**
 * When to try again after so many tries; null: never. The delay doubles, and half of it is chance, so that what
 * failed together is not tried together. `random` is in [0, 1).
 */
export function nextTry(
  tries: number,
  failed: Extract<Outcome, { ok: false }>,
  { now, random }: { readonly now: EpochMs; readonly random: number },
): EpochMs | null {
  if (failed.final || tries >= TRIES) return null
  const ceiling = Math.min(MOST_MS, FIRST_MS * 2 ** (tries - 1))
  const asked = Math.min(MOST_MS, failed.waitMs ?? 0)
  return now + Math.max(asked, Math.round(ceiling / 2 + (random * ceiling) / 2))
}

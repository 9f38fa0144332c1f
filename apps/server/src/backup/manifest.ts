import type { EpochMs } from '@warder/core'
import * as z from 'zod/mini'

/** The file in a backup that says what else is in it. */
export const MANIFEST = 'backup.json'

const FORM = /^warder-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z$/
const HOUR_MS = 3_600_000

const manifest = z.strictObject({
  format: z.literal(1),
  /** The version of the server that made it. */
  warder: z.string().check(z.maxLength(64)),
  madeAt: z.int().check(z.gte(0)),
  files: z
    .array(
      z.strictObject({
        /** In the folder of the backup, never anywhere else. */
        name: z.string().check(z.regex(/^[\w-]+(\.[\w-]+)*$/)),
        bytes: z.int().check(z.gte(0)),
        sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
      }),
    )
    .check(z.maxLength(20)),
})

/** What is in a backup. */
export type Manifest = z.infer<typeof manifest>

/** The text of a manifest → what it says; null: it says nothing that we know. */
export function readManifest(text: string): Manifest | null {
  try {
    const checked = manifest.safeParse(JSON.parse(text))
    return checked.success ? checked.data : null
  } catch {
    return null
  }
}

/** The name of the backup of a moment: `warder-2026-11-28T13-00-00Z`. */
export const nameOf = (at: EpochMs): string =>
  `warder-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}Z`

/** The moment in the name of a backup; null: it is something else. */
export function momentOf(name: string): EpochMs | null {
  const [, day, hours, minutes, seconds] = FORM.exec(name) ?? []
  const at = Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`)
  return Number.isNaN(at) ? null : at
}

/** Names in a folder → those of backups, the oldest first. */
export const backupsAmong = (names: readonly string[]): readonly string[] =>
  names.filter((name) => momentOf(name) !== null).toSorted()

/** When the next backup is to be made: so many hours after the latest; at once where there is none. */
export function dueAt(names: readonly string[], everyHours: number, now: EpochMs): EpochMs {
  const latest = momentOf(backupsAmong(names).at(-1) ?? '')
  // A latest that is to come is of a clock that was wrong.
  return latest === null || latest > now ? now : Math.max(now, latest + everyHours * HOUR_MS)
}

/** The backups that are too many: all but the newest. */
export const surplusOf = (names: readonly string[], keep: number): readonly string[] =>
  backupsAmong(names).slice(0, -keep)

import * as z from 'zod/mini'

const bytes = z.string().check(z.regex(/^[A-Za-z0-9+/=]*$/))

/** What we changed, written down before it is changed, so that it can be put back to the byte. */
export const changeRecord = z.strictObject({
  id: z.string().check(z.maxLength(40)),
  at: z.int(),
  path: z.string().check(z.regex(/^\//)),
  kind: z.enum(['whole', 'front']),
  service: z.enum(['journald', 'sshd']),
  /** Base64; null: there was no such file. */
  before: z.nullable(bytes),
  after: bytes,
  /** What was put in front, for `front`. */
  front: bytes,
  /** Folders that were made for it, the deepest first. */
  folders: z.array(z.string()),
  /** Whether /var/log/journal was there. */
  hadStore: z.boolean(),
})
export type ChangeRecord = z.infer<typeof changeRecord>

const from = (base64: string): Buffer => Buffer.from(base64, 'base64')

/** How a file stands to its record: as we left it, as it was before, or changed by somebody else. */
export type Stand = 'ours' | 'before' | 'edited'

/** The record of a change and the file as it is now (null: gone) → how it stands. */
export function standOf({ kind, before, after, front }: ChangeRecord, now: Buffer | null): Stand {
  if (now === null) return before === null || kind === 'whole' ? 'before' : 'edited'
  if (now.equals(from(after))) return 'ours'
  if (before !== null && now.equals(from(before))) return 'before'
  // The rest of a file that was there may be changed by its owner: what we put in front is still ours alone.
  return kind === 'front' && now.subarray(0, from(front).length).equals(from(front)) ? 'ours' : 'edited'
}

/** What a file that stands as ours is to be again; null: it is to go. */
export function restoredFrom({ kind, before, after, front }: ChangeRecord, now: Buffer): Buffer | null {
  if (now.equals(from(after))) return before === null ? null : from(before)
  return kind === 'front' ? now.subarray(from(front).length) : now
}

// A process of its own: a large history is copied and read again without holding up agents or dashboards.
import type { EpochMs } from '@warder/core'
import { setPriority } from 'node:os'
import { makeBackup, type MadeBackup } from './make.ts'

/** What is asked of it, once. */
export interface BackupAsked {
  readonly dataDir: string
  readonly folder: string
  readonly keep: number
  readonly madeAt: EpochMs
}

/** What it answers before it ends. */
export type BackupAnswer =
  { readonly ok: true; readonly made: MadeBackup } | { readonly ok: false; readonly problem: string }

const LOW = 10

async function answer(asked: BackupAsked): Promise<BackupAnswer> {
  try {
    return { ok: true, made: await makeBackup({ ...asked, told: () => {} }) }
  } catch (err) {
    return { ok: false, problem: err instanceof Error ? err.message : String(err) }
  }
}

setPriority(LOW)
process.once('message', (asked: BackupAsked) => {
  void answer(asked).then((said) => process.send?.(said, undefined, {}, () => process.disconnect()))
})

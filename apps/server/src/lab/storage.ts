import { ManualClock } from '@warder/daemon'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backend } from '../backend.ts'
import { makeVault } from '../notifications/vault.ts'
import type { Storage } from '../storage/storage.ts'
import type { Stores } from '../storage/stores.ts'

/** A real history in a folder of its own, with the newest schema. */
export interface LabStorage {
  readonly stores: Stores
  readonly storage: Storage
  readonly folder: string
  [Symbol.dispose](): void
}

export function openLabStorage(): LabStorage {
  const folder = mkdtempSync(join(tmpdir(), 'warder-storage-'))
  const storage = backend.open(folder, { vault: makeVault(randomBytes(32)), clock: new ManualClock(0) })
  return {
    stores: storage.stores,
    storage,
    folder,
    [Symbol.dispose]() {
      void storage.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Everything that is kept in a data folder, as text, whatever keeps it: to see what must not be readable there. */
export const keptIn = (folder: string): string =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(folder, name), 'latin1'))
    .join('\n')

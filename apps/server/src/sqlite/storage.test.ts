import { ManualClock } from '@warder/daemon'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NOON } from '../lab/server.ts'
import { makeVault } from '../notifications/vault.ts'
import { storageConformance } from '../storage/conformance.ts'
import { openSqlite } from './storage.ts'

storageConformance('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'warder-storage-'))
  const vault = makeVault(randomBytes(32))
  return {
    open: () => openSqlite(join(folder, 'history.sqlite'), { vault, clock: new ManualClock(NOON) }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
})

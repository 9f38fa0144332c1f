import { join } from 'node:path'

/** The files of a data folder. */
export interface DataFiles {
  readonly history: string
  readonly identity: string
  readonly lock: string
  readonly claimCode: string
  readonly vaultKey: string
}

/** Where everything lies in a data folder. */
export const dataFiles = (dataDir: string): DataFiles => ({
  history: join(dataDir, 'history.sqlite'),
  identity: join(dataDir, 'identity.pem'),
  lock: join(dataDir, 'lock.sqlite'),
  claimCode: join(dataDir, 'claim-code'),
  vaultKey: join(dataDir, 'vault.key'),
})

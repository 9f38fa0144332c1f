import { join } from 'node:path'

/** The files of a data folder, but those that history is kept in. */
export interface DataFiles {
  readonly identity: string
  readonly claimCode: string
  readonly vaultKey: string
  /** What the server made for itself, where there is no other certificate. */
  readonly certificate: string
  readonly certificateKey: string
}

/** Where everything lies in a data folder. */
export const dataFiles = (dataDir: string): DataFiles => ({
  identity: join(dataDir, 'identity.pem'),
  claimCode: join(dataDir, 'claim-code'),
  vaultKey: join(dataDir, 'vault.key'),
  certificate: join(dataDir, 'certificate.pem'),
  certificateKey: join(dataDir, 'certificate.key'),
})

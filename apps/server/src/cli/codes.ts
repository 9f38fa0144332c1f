import type { Clock } from '@warder/daemon'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { backend } from '../backend.ts'
import { dataFiles } from '../config/paths.ts'
import type { ServerConfig } from '../config/schema.ts'
import { makeJoin } from '../enrolment/join.ts'
import { readIdentity } from '../link/identity.ts'
import { makeVault } from '../notifications/vault.ts'
import { urlByName } from '../port/own-url.ts'
import { folderError, StartError } from '../start-error.ts'
import type { Stores } from '../storage/stores.ts'

export interface CodeParts {
  readonly config: ServerConfig
  readonly clock: Clock
  /** What was asked for, alone, so that a script can take it. */
  say(line: string): void
  /** Words around it. */
  hint(line: string): void
}

/** Opens the history of a running server, or of one that ran before, for one piece of work. */
export async function inHistory(
  { config, clock }: Pick<CodeParts, 'config' | 'clock'>,
  work: (stores: Stores) => void | Promise<void>,
): Promise<void> {
  const folder = config.data_dir
  try {
    if (!backend.exists(folder))
      throw new StartError(`No server has worked on ${folder} yet. Start it first: warder-server run`)
    // Nothing that is sealed is opened here, so the key does not matter; it may even be lost.
    const storage = backend.open(folder, { vault: makeVault(randomBytes(32)), clock })
    try {
      await work(storage.stores)
    } finally {
      await storage.close()
    }
  } catch (err) {
    throw folderError(err, folder)
  }
}

/** Prints a join text. Writes into the history of a running server, or of one that ran before. */
export function joinCode({ config, clock, say, hint }: CodeParts, minutes: number): Promise<void> {
  return inHistory({ config, clock }, ({ enrolment, audit }) => {
    const identity = readIdentity(dataFiles(config.data_dir).identity)
    if (identity === null)
      throw new StartError(`The server's key is missing from ${config.data_dir}. Start it: warder-server run`)
    const now = clock.now()
    const made = makeJoin({ enrolment, fingerprint: identity.fingerprint }, minutes, now)
    const deed = { actor: 'console', address: 'local', action: 'join-code.create', target: 'a node' }
    audit.add({ at: now, ...deed, after: { expiresAt: made.expiresAt } })
    const url = urlByName(config)
    hint(`Good for one node and ${minutes} minutes. On the node run: warder enrol ${url} ${made.join}`)
    say(made.join)
  })
}

/** Prints the claim code of the running server. */
export async function claimCode({ config, say }: CodeParts): Promise<void> {
  const files = dataFiles(config.data_dir)
  let code: string
  try {
    if (!backend.isLocked(config.data_dir))
      throw new StartError(`No server runs on ${config.data_dir}. Start it first: warder-server run`)
    code = await readFile(files.claimCode, 'utf8')
  } catch (err) {
    if (err instanceof Error && 'code' in err && err.code === 'ENOENT') {
      throw new StartError(
        `There is no claim code in ${config.data_dir}: the server has an operator already.`,
        { cause: err },
      )
    }
    throw folderError(err, config.data_dir)
  }
  say(code.trim())
}

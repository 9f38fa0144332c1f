import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The agent's package that came with this server. */
export interface ShippedPackage {
  readonly file: string
  readonly version: string
  readonly architecture: string
  readonly bytes: number
  readonly sha256: string
}

/** Finds the package beside the program, or in a folder that is named; null where there is none. */
export function shippedPackage(
  folder = fileURLToPath(new URL('./agent/', import.meta.url)),
): ShippedPackage | null {
  if (!existsSync(folder)) return null
  for (const name of readdirSync(folder).toSorted()) {
    const [, version, architecture] = /^warder-agent_(.+)_([a-z0-9]+)\.deb$/.exec(name) ?? []
    if (version === undefined || architecture === undefined) continue
    const file = join(folder, name)
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
    return { file, version, architecture, bytes: statSync(file).size, sha256 }
  }
  return null
}

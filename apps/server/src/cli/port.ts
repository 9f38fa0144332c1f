import { setKey, writeAtomically, type Clock } from '@warder/daemon'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { backend } from '../backend.ts'
import { CONFIG_FILE } from '../config/load.ts'
import { dataFiles } from '../config/paths.ts'
import { DEFAULT_PORT, type ServerConfig } from '../config/schema.ts'
import { readIdentity } from '../link/identity.ts'
import { holderOf, listeners } from '../port/holder.ts'
import { freePort } from '../port/listeners.ts'
import { folderError, StartError, takenError } from '../start-error.ts'
import { certificateInUse } from '../certificate/open.ts'
import { ownUrls } from '../port/own-url.ts'

export interface PortParts {
  readonly config: ServerConfig
  /** The file to write, when another one than usual was named. */
  readonly file: string | undefined
  readonly clock: Clock
  say(line: string): void
  hint(line: string): void
}

const WHOSE = {
  configured: 'from tls_cert of server.toml',
  node: 'of this Proxmox node',
  own: 'its own: browsers warn once, compare this SHA-256 there',
} as const

/** Throws a sentence when somebody else has the port. Its process is seen by root alone. */
export async function checkPort({ port }: ServerConfig): Promise<void> {
  const holder = port === 0 ? null : await holderOf(port)
  if (holder !== null) throw takenError(port, holder)
}

/**
 * Writes the port into server.toml: the one that was named, or the first free one from the usual on. The jail of this
 * node that guards the dashboard is told the port too.
 */
export async function setPort({ config, file = CONFIG_FILE, say, hint }: PortParts, wanted: number | null) {
  const port = wanted ?? freePort(await listeners(), DEFAULT_PORT)
  if (port === null) throw new StartError('No port is free. Name one: warder-server set-port N')
  const holder = port === config.port ? null : await holderOf(port)
  if (holder !== null) throw takenError(port, holder)
  const folder = dirname(file)
  await mkdir(folder, { recursive: true })
  const before = await readFile(file, 'utf8').catch(() => '')
  await writeAtomically(file, setKey(before, 'port', port), 0o644)
  await tellJail(join(folder, 'jail.d', 'warder-server-port.conf'), port)
  hint(`The port is written into ${file}. Now: systemctl restart warder-server`)
  hint(`Agents dial it: on each node that is enrolled already, set server in /etc/warder/agent.toml.`)
  say(String(port))
}

/** What the jail knows by itself needs no file. */
async function tellJail(file: string, port: number): Promise<void> {
  if (port === DEFAULT_PORT) return rm(file, { force: true })
  await mkdir(dirname(file), { recursive: true })
  await writeAtomically(
    file,
    `# Written by \`warder-server set-port\`: the port that the jail of the dashboard closes.\n[warder]\nport = ${port}\n`,
    0o644,
  )
}

/** Tells where the running server is, its claim code while it has no operator, and the fingerprint of its key. */
export async function status({ config, say, clock }: PortParts): Promise<void> {
  const files = dataFiles(config.data_dir)
  try {
    if (!backend.exists(config.data_dir) || !backend.isLocked(config.data_dir))
      throw new StartError(`No server runs on ${config.data_dir}. Start it: systemctl start warder-server`)
    const certificate = await certificateInUse(config, clock.now())
    const { local, others } = ownUrls(config, certificate?.source ?? null)
    const code = (await readFile(files.claimCode, 'utf8').catch(() => '')).trim()
    say(`Dashboard:    ${[local, ...others].join('  ')}`)
    if (code !== '') say(`Claim code:   ${code}   (enter it in the dashboard to become its operator)`)
    const identity = readIdentity(files.identity)
    if (certificate !== null) say(`Certificate:  ${certificate.fingerprint}   (${WHOSE[certificate.source]})`)
    if (identity !== null) say(`Fingerprint:  ${identity.fingerprint}   (what a join text must end with)`)
  } catch (err) {
    throw folderError(err, config.data_dir)
  }
}

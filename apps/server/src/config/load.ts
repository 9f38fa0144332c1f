import { readTarget } from '@warder/core'
import { checkConfig, ConfigError, loadConfig } from '@warder/daemon'
import { serverConfig, type ServerConfig } from './schema.ts'

/** Where the configuration is when nothing else is said. */
export const CONFIG_FILE = '/etc/warder/server.toml'

/** What the command line says; stronger than the file. */
export interface Flags {
  readonly config: string | undefined
  readonly port: string | undefined
  readonly host: string | undefined
  readonly dataDir: string | undefined
}

/**
 * Reads the configuration: the file, then the flags. The file may be missing only where it was not asked for.
 * @throws ConfigError with every problem
 */
export async function readConfig(flags: Flags): Promise<ServerConfig> {
  const file = flags.config ?? CONFIG_FILE
  const read = await loadConfig(file, serverConfig, flags.config === undefined)
  const config = checkConfig('the command line', { ...read, ...overrides(flags) }, serverConfig)
  const problems = problemsOf(config)
  if (problems.length > 0) throw new ConfigError(file, problems)
  return config
}

const overrides = ({ port, host, dataDir }: Flags) => ({
  ...(port === undefined ? {} : { port: /^\d{1,5}$/.test(port) ? Number(port) : port }),
  ...(host === undefined ? {} : { host }),
  ...(dataDir === undefined ? {} : { data_dir: dataDir }),
})

/** What a schema cannot say. */
function problemsOf(config: ServerConfig): readonly string[] {
  const proxies = config.trusted_proxies
    .filter((proxy) => readTarget(proxy) === null)
    .map((proxy) => `trusted_proxies: "${proxy}" is neither an address nor a subnet`)
  const halfTls = (config.tls_cert === undefined) !== (config.tls_key === undefined)
  const pins = [config.proxmox_login?.fingerprint, config.proxmox_login?.ca]
  const unpinned = config.proxmox_login !== undefined && pins.filter((pin) => pin !== undefined).length !== 1
  return [
    ...proxies,
    ...(halfTls ? ['tls_cert and tls_key: name both, or none'] : []),
    ...(config.tls === 'off' && config.tls_cert !== undefined
      ? ['tls: "off" and tls_cert exclude each other: leave one of them away']
      : []),
    ...(unpinned
      ? ['proxmox_login: name one of fingerprint and ca, so that it is known who gets the passwords']
      : []),
  ]
}

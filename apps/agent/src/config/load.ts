import { readFile } from 'node:fs/promises'
import { checkConfig, ConfigError, loadConfig } from '@warder/daemon'
import type { Trust } from '../link/dial.ts'
import { agentConfig, type AgentConfig } from './schema.ts'

/** Where `agent.toml` is unless the command line says otherwise. */
export const CONFIG_FILE = '/etc/warder/agent.toml'

/** Reads `agent.toml`. The one at the usual place may be missing: then everything is default. @throws ConfigError */
export async function loadAgentConfig(file: string | undefined): Promise<AgentConfig> {
  const path = file ?? CONFIG_FILE
  const config = await loadConfig(path, agentConfig, file === undefined)
  if (config.server !== undefined && !URL.canParse(config.server)) {
    throw new ConfigError(path, ['server: is not a URL; write it like wss://warder.example:8008'])
  }
  return config
}

/** A configuration from values in place of a file, for tests and demonstrations. @throws ConfigError */
export const toAgentConfig = (values: unknown): AgentConfig => checkConfig('agent.toml', values, agentConfig)

/** How the server's certificate is judged. @throws ConfigError when the authority's file cannot be read */
export async function readTrust({ tls }: AgentConfig): Promise<Trust> {
  const pin = tls.fingerprint === undefined ? {} : { fingerprint: tls.fingerprint }
  if (tls.ca === undefined) return pin
  try {
    return { ...pin, ca: await readFile(tls.ca, 'utf8') }
  } catch (err) {
    throw new ConfigError(tls.ca, [`cannot be read: ${err instanceof Error ? err.message : String(err)}`])
  }
}

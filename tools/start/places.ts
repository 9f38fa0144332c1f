import { mkdirSync, writeFileSync } from 'node:fs'
import { inRoot } from '../root.ts'
import { reachable, type Options } from './options.ts'

/** Where the two programs find what concerns them. */
export interface Places {
  readonly pid: string
  readonly serverToml: string
  readonly agentToml: string
  readonly socket: string
}

const NOTE = '# Written anew by each `npm start`. Jails of your own go to etc/jail.local beside this file.\n'
const LOG = '[log]\nlevel = "warn"\nform = "text"\n'
const toml = (value: string): string => JSON.stringify(value)

/** Makes the folders, and the settings of the server; the agent's jails come from `etc`, where jail.local is the operator's. */
export function layOut({ port, host, state }: Options): Places {
  const authLog = `${state}/auth.log`
  for (const folder of ['server', 'agent', 'etc/jail.d'])
    mkdirSync(`${state}/${folder}`, { recursive: true, mode: 0o700 })
  writeFileSync(
    `${state}/server.toml`,
    `${NOTE}port = ${port}\n${host ? `host = ${toml(host)}\n` : ''}data_dir = ${toml(`${state}/server`)}\n` +
      `auth_log = ${toml(authLog)}\nweb_root = ${toml(inRoot('apps', 'web', 'dist'))}\n${LOG}`,
  )
  writeFileSync(`${state}/etc/jail.d/start.conf`, `${NOTE}[warder]\nport = ${port}\nlogpath = ${authLog}\n`)
  return {
    pid: `${state}/pid`,
    serverToml: `${state}/server.toml`,
    agentToml: `${state}/agent.toml`,
    socket: `${state}/agent.sock`,
  }
}

/** Writes the agent's settings. The join text serves its first start; later ones are known by their key. */
export function writeAgentToml(places: Places, { port, host, state }: Options, join: string): void {
  writeFileSync(
    places.agentToml,
    `${NOTE}server = ${toml(`ws://${reachable(host)}:${port}`)}\njoin = ${toml(join)}\n` +
      `state_dir = ${toml(`${state}/agent`)}\nconfig_dir = ${toml(`${state}/etc`)}\nsocket = ${toml(places.socket)}\n` +
      `filter_local_networks = false\non_stop = "remove"\n${LOG}`,
    { mode: 0o600 },
  )
}

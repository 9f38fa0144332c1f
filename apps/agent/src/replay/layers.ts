import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { Layer } from '@warder/conf'
import { shippedFiles } from '@warder/filters'
import { loadAgentConfig } from '../config/load.ts'
import { readFail2ban, readOperatorFiles, type OperatorFiles } from '../settings/files.ts'

/** The files that a command without a running agent works on. */
export interface Layers {
  readonly layers: readonly Layer[]
  readonly problems: readonly string[]
  readonly banPrivate: boolean
}

/**
 * The layers of a node, or of a folder of jails and filters in their place. `config`: such a folder, or an agent.toml, or
 * undefined for the agent.toml at its usual place. A folder with a jail.conf is an installation of fail2ban.
 * @throws ConfigError
 */
export async function readLayers(config: string | undefined): Promise<Layers> {
  const isFolder = config !== undefined && (await stat(config).catch(() => null))?.isDirectory() === true
  if (isFolder) return toLayers([await readFolder(resolve(config))], false)
  const { config_dir, fail2ban_config, ban_private_networks } = await loadAgentConfig(config)
  const below = fail2ban_config === undefined ? [] : [await readFail2ban(fail2ban_config)]
  return toLayers([...below, await readOperatorFiles(config_dir)], ban_private_networks)
}

/** The layers with a filter of its own file: the folder it lies in counts, with what it includes. */
export async function readFilterFile(path: string): Promise<Layers & { readonly name: string }> {
  const folder = dirname(resolve(path))
  const isInPlace = basename(folder) === 'filter.d'
  const { layer, problems } = await readOperatorFiles(isInPlace ? dirname(folder) : folder)
  const files = isInPlace
    ? layer.files
    : new Map(
        [...layer.files]
          .filter(([name]) => !name.includes('/'))
          .map(([name, text]) => [`filter.d/${name}`, text]),
      )
  const name = basename(path).replace(/\.(?:conf|local)$/, '')
  return { ...toLayers([{ layer: { ...layer, files, isForeign: true }, problems }], false), name }
}

const readFolder = async (folder: string): Promise<OperatorFiles> => {
  const read = await readOperatorFiles(folder)
  return read.layer.files.has('jail.conf') ? readFail2ban(folder) : read
}

const toLayers = (above: readonly OperatorFiles[], banPrivate: boolean): Layers => ({
  layers: [{ name: 'warder', files: shippedFiles() }, ...above.map(({ layer }) => layer)],
  problems: above.flatMap(({ problems }) => problems),
  banPrivate,
})

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
}

/** Whether the path is a file. */
export const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  )

/**
 * The layers of a node, or of a folder in their place. `config`: an agent.toml, undefined for the one at its usual place, or
 * a folder. A folder with a jail.conf is an installation of fail2ban: its jails alone count, and only filters that it
 * lacks are the shipped ones. Any other folder lies over all that is shipped, as /etc/warder does.
 * @throws ConfigError
 */
export async function readLayers(config: string | undefined): Promise<Layers> {
  const isFolder = config !== undefined && (await stat(config).catch(() => null))?.isDirectory() === true
  if (isFolder) return readFolder(folderOf(resolve(config)))
  const { config_dir, fail2ban_config } = await loadAgentConfig(config)
  const below = fail2ban_config === undefined ? [] : [await readFail2ban(fail2ban_config)]
  return toLayers([...below, await readOperatorFiles(config_dir)])
}

/** The layers with a filter of its own file: the folder it lies in counts, with what it includes. */
export async function readFilterFile(path: string): Promise<Layers & { readonly name: string }> {
  const folder = dirname(resolve(path))
  const isInPlace = basename(folder) === 'filter.d'
  const { layer, problems } = await readOperatorFiles(folderOf(folder))
  const files = isInPlace
    ? layer.files
    : new Map(
        [...layer.files]
          .filter(([name]) => !name.includes('/'))
          .map(([name, text]) => [`filter.d/${name}`, text]),
      )
  const name = basename(path).replace(/\.(?:conf|local)$/, '')
  return { ...toLayers([{ layer: { ...layer, files, isForeign: true }, problems }]), name }
}

/** Whoever names filter.d means the folder around it. */
const folderOf = (folder: string): string => (basename(folder) === 'filter.d' ? dirname(folder) : folder)

/** What every jail.conf of fail2ban's own says. */
const FILTER_OF_ITS_NAME = '[DEFAULT]\nfilter = %(__name__)s\n'

async function readFolder(folder: string): Promise<Layers> {
  const read = await readOperatorFiles(folder)
  if (!read.layer.files.has('jail.conf')) return toLayers([read])
  const { layers, problems } = toLayers([await readFail2ban(folder)])
  const [shipped, ...above] = layers
  const filters = [...(shipped?.files ?? [])].filter(([path]) => path.startsWith('filter.d/'))
  const files = new Map([['jail.conf', FILTER_OF_ITS_NAME] as const, ...filters])
  return { layers: [{ name: 'warder', files }, ...above], problems }
}

const toLayers = (above: readonly OperatorFiles[]): Layers => ({
  layers: [{ name: 'warder', files: shippedFiles() }, ...above.map(({ layer }) => layer)],
  problems: above.flatMap(({ problems }) => problems),
})

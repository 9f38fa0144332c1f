import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from '../root.ts'
import { capture } from '../run.ts'

/** Debian's names of the machines for which the runtime is published. */
export const ARCHITECTURES = ['amd64', 'arm64'] as const
export type Architecture = (typeof ARCHITECTURES)[number]

/** This machine's, or null where packages are not made for it. */
export const ownArchitecture = (): Architecture | null =>
  process.arch === 'x64' ? 'amd64' : process.arch === 'arm64' ? 'arm64' : null

interface Pins {
  readonly version: string
  readonly packages: Readonly<Record<Architecture, { readonly name: string; readonly integrity: string }>>
}

const readPins = (): Pins => JSON.parse(readFileSync(inRoot('packaging', 'runtime.json'), 'utf8')) as Pins

/** What takes symbols off programs of an architecture. */
export const STRIP: Readonly<Record<Architecture, string>> = {
  amd64: 'x86_64-linux-gnu-strip',
  arm64: 'aarch64-linux-gnu-strip',
}

/** A runtime ready to be packed; `symbols`: they could not be taken off, which makes it larger and nothing else. */
export interface Runtime {
  readonly file: string
  readonly symbols: boolean
}

/**
 * The pinned Node of one architecture without its symbols, kept under .tools between builds. Our own architecture's is
 * installed already; another one's is fetched from the npm registry and compared with its digest.
 * @throws Error with what to do when it cannot be had
 */
export async function runtimeFor(architecture: Architecture): Promise<Runtime> {
  const pins = readPins()
  const folder = inRoot('.tools', `runtime-${pins.version}-${architecture}`)
  const [stripped, whole] = [join(folder, 'node'), join(folder, 'node-with-symbols')]
  if (existsSync(stripped)) return { file: stripped, symbols: false }
  mkdirSync(folder, { recursive: true })
  if (!existsSync(whole)) {
    const isOwn = architecture === ownArchitecture() && `v${pins.version}` === process.version
    if (isOwn) copyFileSync(process.execPath, whole)
    else await fetchRuntime(pins, architecture, { folder, whole })
  }
  const unfinished = `${stripped}.${process.pid}`
  const done = await capture(STRIP[architecture], ['-o', unfinished, whole])
  if (!done.ok) return { file: whole, symbols: true }
  chmodSync(unfinished, 0o755)
  renameSync(unfinished, stripped)
  rmSync(whole)
  return { file: stripped, symbols: false }
}

async function fetchRuntime(
  { version, packages }: Pins,
  architecture: Architecture,
  to: { folder: string; whole: string },
): Promise<void> {
  const { name, integrity } = packages[architecture]
  const packed = await capture('npm', [
    'pack',
    '--silent',
    '--pack-destination',
    to.folder,
    `${name}@${version}`,
  ])
  const archive = join(to.folder, `${name}-${version}.tgz`)
  if (!packed.ok || !existsSync(archive))
    throw new Error(`the runtime ${name}@${version} could not be fetched: ${packed.output.trim()}`)
  const digest = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
  if (digest !== integrity) {
    rmSync(archive)
    throw new Error(`${name}@${version} is not what packaging/runtime.json says (${digest})`)
  }
  const taken = await capture('tar', ['-xzf', archive, '-C', to.folder, 'package/bin/node'])
  if (!taken.ok) throw new Error(`${archive} cannot be unpacked: ${taken.output.trim()}`)
  renameSync(join(to.folder, 'package', 'bin', 'node'), to.whole)
  rmSync(join(to.folder, 'package'), { recursive: true })
  rmSync(archive)
}

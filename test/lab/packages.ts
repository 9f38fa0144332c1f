import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { must } from './command.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The packages under test. */
export interface Packages {
  readonly agent: string
  readonly server: string
}

/** Makes both packages from this checkout. */
export async function makePackages(folder: string): Promise<Packages> {
  await mkdir(folder, { recursive: true })
  const script = join(ROOT, 'tools', 'package.ts')
  const args = ['--arch', process.arch === 'arm64' ? 'arm64' : 'amd64', '--quick', '--out', folder]
  const done = await must(
    [
      'env',
      `PATH=${join(ROOT, 'node_modules', '.bin')}:${process.env['PATH']}`,
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      script,
      ...args,
    ],
    { limitMs: 600_000 },
  )
  const [agent, server] = [...done.matchAll(/^(\S+\.deb) /gm)].map((line) => line[1] ?? '')
  if (!agent || !server) throw new Error(`packages were not made: ${done}`)
  return { agent, server }
}

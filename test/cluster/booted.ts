import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { labTrouble } from '../lab/available.ts'
import { must, run, until, type Outcome } from '../lab/command.ts'
import type { Machine } from '../lab/namespace.ts'
import type { Packages } from '../lab/packages.ts'

const BOOT = fileURLToPath(new URL('./boot.sh', import.meta.url))
/** Images are kept between runs; `rm -r` takes them away. */
const IMAGES = '/var/tmp/warder-images'
/** Packing, unpacking and booting on a busy machine. */
const LIMIT_MS = 600_000

/** Why no systems can be booted here, or null when they can. */
export const bootTrouble = (): string | null =>
  process.env['WARDER_BOOT'] === '1'
    ? labTrouble([
        '/usr/bin/systemd-nspawn',
        '/usr/bin/mmdebstrap',
        '/usr/sbin/ip',
        '/usr/bin/ssh',
        '/usr/bin/curl',
      ])
    : 'npm run test:cluster boots them'

export type Suite = 'trixie' | 'bookworm'

/** A running Debian system of its own. */
export interface BootedNode {
  readonly name: string
  readonly address: string
  readonly suite: Suite
  /** Runs a command in it; never throws for a non-zero exit. */
  run(...command: readonly string[]): Promise<Outcome>
  /** Runs a command that has to succeed → what it printed. */
  must(...command: readonly string[]): Promise<string>
  /** The same for a line of shell. */
  shell(line: string): Promise<string>
  /** Copies a file of this machine into it. */
  put(from: string, to: string): Promise<void>
  /** Reboots it and waits until it is up again. */
  reboot(): Promise<void>
}

/** Some booted nodes on a network of their own. */
export class Lab {
  readonly folder: string
  readonly #env: NodeJS.ProcessEnv
  readonly #netns: string

  private constructor(folder: string) {
    this.folder = folder
    this.#netns = `warder-cluster-${process.pid}`
    this.#env = {
      ...process.env,
      WARDER_LAB: join(folder, 'nodes'),
      WARDER_NETNS: this.#netns,
      WARDER_IMAGES: process.env['WARDER_IMAGES'] ?? IMAGES,
    }
  }

  static async open(suites: readonly Suite[]): Promise<Lab> {
    const lab = new Lab(await mkdtemp(join(tmpdir(), 'warder-cluster-')))
    for (const suite of suites) await lab.#boot('image', suite)
    await lab.#boot('net')
    return lab
  }

  async up(name: string, last: number, suite: Suite): Promise<BootedNode> {
    const address = `10.77.0.${last}`
    await this.#boot('up', name, address, suite)
    const execute = (...command: readonly string[]) => this.#try('exec', name, ...command)
    const demand = async (...command: readonly string[]): Promise<string> => {
      const done = await execute(...command)
      if (done.code !== 0)
        throw new Error(
          `${name}: ${command.join(' ')} ended with ${done.code}: ${done.stderr || done.stdout}`,
        )
      return done.stdout
    }
    return {
      name,
      address,
      suite,
      run: execute,
      must: demand,
      shell: (line) => demand('sh', '-c', line),
      put: async (from, to) => copyFile(from, `${(await this.#boot('root', name)).trim()}${to}`),
      reboot: async () => {
        const since = ['systemctl', 'show', '-p', 'UserspaceTimestampMonotonic', '--value']
        const before = await demand(...since)
        await execute('systemctl', 'reboot')
        await until(
          `${name} after its reboot`,
          async () => {
            const now = await execute(...since)
            if (now.code !== 0 || now.stdout === before) return false
            return /running|degraded/.test((await execute('systemctl', 'is-system-running')).stdout)
          },
          120_000,
        )
      },
    }
  }

  /** The machine of everybody else: 198.18.7.1 to .40, and 10.77.0.1 in the nodes' own network. */
  get outside(): Machine {
    const on = (command: readonly string[]): readonly string[] => [
      'nsenter',
      `--net=/run/netns/${this.#netns}`,
      '--',
      ...command,
    ]
    return { name: this.#netns, address: '10.77.0.1', on }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#boot('down')
    await run(['rm', '-rf', '--one-file-system', this.folder])
  }

  async #boot(...args: readonly string[]): Promise<string> {
    const done = await this.#try(...args)
    if (done.code !== 0) throw new Error(`boot.sh ${args.join(' ')}: ${done.stderr || done.stdout}`)
    return done.stdout
  }

  #try(...args: readonly string[]): Promise<Outcome> {
    return new Promise((resolve) => {
      const options = { timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024, env: this.#env }
      execFile('bash', [BOOT, ...args], options, (err, stdout, stderr) => {
        const code = err ? (typeof err.code === 'number' ? err.code : null) : 0
        resolve({ code, stdout, stderr: err && !stderr ? err.message : stderr })
      })
    })
  }
}

interface Repack {
  readonly folder: string
  /** A line of shell that its postinst runs first. */
  readonly postinst?: string
  /** What else is changed in its unpacked tree. */
  readonly change?: (tree: string) => Promise<unknown>
}

/** A copy of a package with another version, packed without pressing it. */
export async function repacked(
  deb: string,
  version: string,
  { folder, postinst = '', change = async () => {} }: Repack,
): Promise<string> {
  const [name = ''] = basename(deb).split('_')
  const tree = join(folder, `tree-${name}-${version}`)
  const file = join(folder, `repacked-${name}-${version}.deb`)
  await must(['dpkg-deb', '-R', deb, tree])
  await must(['sed', '-i', `s/^Version: .*/Version: ${version}/`, join(tree, 'DEBIAN', 'control')])
  if (postinst !== '') await must(['sed', '-i', `2i${postinst}`, join(tree, 'DEBIAN', 'postinst')])
  await change(tree)
  await must(['dpkg-deb', '--root-owner-group', '-Znone', '--build', tree, file])
  await must(['rm', '-rf', tree])
  return file
}

/** Both packages as of a later release: the server's brings the agent's, and each program says its version. */
export async function released(packages: Packages, version: string, folder: string): Promise<Packages> {
  const agent = await repacked(packages.agent, version, {
    folder,
    change: (tree) => tell(join(tree, 'usr/lib/warder-agent'), version),
  })
  const server = await repacked(packages.server, version, {
    folder,
    change: async (tree) => {
      const home = join(tree, 'usr/lib/warder-server')
      await tell(home, version)
      const [held = ''] = await readdir(join(home, 'agent'))
      await rm(join(home, 'agent', held))
      await copyFile(agent, join(home, 'agent', held.replace(/_[^_]+_/, `_${version}_`)))
    },
  })
  return { agent, server }
}

/** Makes the program in a folder say another version. */
async function tell(folder: string, version: string): Promise<void> {
  const own = /^const VERSION = "[^"]+";$/m
  const files = (await readdir(folder))
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, name))
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await readFile(file, 'utf8') })))
  const told = texts.filter(({ text }) => own.test(text))
  if (told.length !== 1) throw new Error(`${told.length} files in ${folder} say a version`)
  for (const { file, text } of told) await writeFile(file, text.replace(own, `const VERSION = "${version}";`))
}

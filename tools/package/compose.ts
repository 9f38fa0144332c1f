import { readFileSync } from 'node:fs'
import { inRoot } from '../root.ts'
import { bashCompletion, fishCompletion, zshCompletion } from './completion.ts'
import { licencesOf } from './licences.ts'
import { manText } from './man.ts'
import { spawnSync } from 'node:child_process'
import { basename, join } from 'node:path'
import { STRIP, type Architecture, type Runtime } from './runtime.ts'
import type { Tree } from './tree.ts'
import { completables, manPages } from './words.ts'
import { MAINTAINER, type PackageFacts } from './control.ts'

export interface ComposeParts {
  readonly facts: PackageFacts
  readonly architecture: Architecture
  readonly runtime: Runtime
  readonly version: string
  /** The agent's package, which the server puts on nodes over SSH. */
  readonly agentPackage: string | null
  /** Seconds since 1970 of what is packed. */
  readonly epoch: number
}

const source = (...path: readonly string[]): string => readFileSync(inRoot('packaging', ...path), 'utf8')
const SQLITE = ['package.json', 'lib'] as const

/** Puts all files of a package into a tree. */
export async function compose(tree: Tree, parts: ComposeParts): Promise<void> {
  const { name } = parts.facts
  const home = `usr/lib/${name}`
  tree.copy(parts.runtime.file, `${home}/node`, 0o755)
  tree.write(`${home}/package.json`, '{ "type": "module" }\n')
  copySqlite(tree, home, parts.architecture)
  for (const unit of parts.facts.units)
    tree.write(`usr/lib/systemd/system/${unit}`, source('systemd', unit).replaceAll(/^#.*\n/gm, ''))
  if (name === 'warder-agent') composeAgent(tree, home)
  else composeServer(tree, home, parts.agentPackage)
  await document(tree, parts)
  for (const script of ['postinst', 'prerm', 'postrm'])
    tree.write(`DEBIAN/${script}`, source('debian', name, script), 0o755)
  const conffiles = tree.files().filter((path) => path.startsWith('etc/'))
  tree.write('DEBIAN/conffiles', conffiles.map((path) => `/${path}\n`).join(''))
}

/** SQLite's module: its JavaScript, and of its binaries the one for this architecture. */
function copySqlite(tree: Tree, home: string, architecture: Architecture): void {
  const from = inRoot('apps', 'agent', 'node_modules', 'better-sqlite3')
  const to = `${home}/node_modules/better-sqlite3`
  const binary = `prebuilds/linux-${architecture === 'amd64' ? 'x64' : 'arm64'}.node`
  for (const part of SQLITE) tree.copy(`${from}/${part}`, `${to}/${part}`)
  tree.copy(`${from}/${binary}`, `${to}/${binary}`, 0o644)
  // Where it cannot be done the module is larger, and nothing else.
  spawnSync(STRIP[architecture], ['--strip-unneeded', join(tree.root, to, binary)])
}

function composeAgent(tree: Tree, home: string): void {
  tree.copy(inRoot('apps', 'agent', 'dist', 'agent.js'), `${home}/agent.js`)
  tree.copy(inRoot('apps', 'agent', 'dist', 'catalogue'), `${home}/catalogue`)
  tree.write('usr/bin/warder', source('files', 'warder.sh'), 0o755)
  tree.write('etc/warder/jail.local', source('files', 'jail.local'))
  tree.write('usr/share/doc/warder-agent/examples/agent.toml', source('files', 'agent.toml'))
  const commands = completables()
  tree.write('usr/share/bash-completion/completions/warder', bashCompletion(commands))
  tree.write('usr/share/zsh/vendor-completions/_warder', zshCompletion(commands))
  tree.write('usr/share/fish/vendor_completions.d/warder.fish', fishCompletion(commands))
}

function composeServer(tree: Tree, home: string, agentPackage: string | null): void {
  if (agentPackage !== null) tree.copy(agentPackage, `${home}/agent/${basename(agentPackage)}`)
  tree.copy(inRoot('apps', 'server', 'dist'), home)
  tree.copy(inRoot('apps', 'web', 'dist'), `${home}/web`)
  tree.write('usr/bin/warder-server', source('files', 'warder-server.sh'), 0o755)
  tree.write('usr/lib/sysusers.d/warder-server.conf', source('files', 'warder-server.sysusers'))
  tree.write('etc/logrotate.d/warder-server', source('files', 'warder-server.logrotate'))
  tree.write('usr/share/doc/warder-server/examples/server.toml', source('files', 'server.toml'))
}

async function document(tree: Tree, { facts, version, epoch }: ComposeParts): Promise<void> {
  const doc = `usr/share/doc/${facts.name}`
  const date = new Date(epoch * 1_000)
  tree.write(`${doc}/copyright`, source('files', 'copyright'))
  tree.zipped(`${doc}/changelog`, changelog(facts.name, version, date))
  tree.zipped(`${doc}/CHANGELOG.md`, readFileSync(inRoot('CHANGELOG.md'), 'utf8'))
  tree.zipped(`${doc}/licences-of-packages`, licencesOf(facts.name.replace('warder-', '')))
  tree.zipped(`${doc}/licence-of-node`, source('licences', 'node.txt'))
  tree.write(`usr/share/lintian/overrides/${facts.name}`, source('files', `${facts.name}.lintian-overrides`))
  for (const page of (await manPages())[facts.name])
    tree.zipped(
      `usr/share/man/man8/${page.name}.8`,
      manText(page, { version, date: date.toISOString().slice(0, 10) }),
    )
}

const changelog = (name: string, version: string, date: Date): string =>
  `${name} (${version}) unstable; urgency=medium\n\n  * See CHANGELOG.md beside this file.\n\n -- ${MAINTAINER}  ${date.toUTCString().replace('GMT', '+0000')}\n`

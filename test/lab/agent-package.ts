import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { must } from './command.ts'

const AGENT = fileURLToPath(new URL('../../apps/agent/src/main.ts', import.meta.url))
const NODE = `${process.execPath} --disable-warning=ExperimentalWarning`

/** The unit of the agent, for hosts on which nothing was booted. */
const UNIT = `#!/bin/sh
pid=/run/lab/agent.pid
running() { [ -e $pid ] && kill -0 "$(cat $pid)" 2>/dev/null; }
stop() {
	running && kill "$(cat $pid)"
	while running; do sleep 0.1; done
	rm -f $pid
}
start() {
	running && return
	setsid ${NODE} ${AGENT} run --config /etc/warder/agent.toml >>/run/lab/agent.log 2>&1 </dev/null &
	echo $! >$pid
}
case $1 in
start) start ;;
stop) stop ;;
restart) stop; start ;;
is-active) running ;;
esac
`

const settings = (name: string): string =>
  `firewall = "memory"\nname = "${name}"\n[log]\nlevel = "info"\nform = "text"\n`

export interface AgentPackage {
  readonly version: string
  /** How the node is called. */
  readonly name: string
  /** One that starts and does nothing. */
  readonly isBroken?: boolean
}

/** A package whose agent is the one of this checkout, which keeps its bans in memory. Answers the folder it lies in. */
export async function agentPackage(
  folder: string,
  { version, name, isBroken = false }: AgentPackage,
): Promise<string> {
  const tree = join(folder, `tree-${version}`)
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'
  const unit = isBroken ? UNIT.replace(/setsid .* &/, 'setsid sleep 600 >/dev/null 2>&1 </dev/null &') : UNIT
  const files: Readonly<Record<string, readonly [text: string, mode: number]>> = {
    'DEBIAN/control': [
      `Package: warder-agent\nVersion: ${version}\nArchitecture: ${architecture}\nMaintainer: lab <lab@example.org>\nDescription: lab\n`,
      0o644,
    ],
    'DEBIAN/conffiles': ['/etc/warder/agent.toml\n', 0o644],
    'DEBIAN/postinst': ['#!/bin/sh\n/usr/local/sbin/systemctl restart warder-agent\n', 0o755],
    'DEBIAN/prerm': ['#!/bin/sh\n[ "$1" != remove ] || /usr/local/sbin/systemctl stop warder-agent\n', 0o755],
    'DEBIAN/postrm': ['#!/bin/sh\n[ "$1" != purge ] || rm -rf /etc/warder /var/lib/warder-agent\n', 0o755],
    'usr/bin/warder': [`#!/bin/sh\nexec ${NODE} ${AGENT} "$@" --config /etc/warder/agent.toml\n`, 0o755],
    'usr/lib/warder-agent/unit': [unit, 0o755],
    'usr/lib/warder-agent/version': [version, 0o644],
    'etc/warder/agent.toml': [settings(name), 0o644],
  }
  for (const [file, [text, mode]] of Object.entries(files)) {
    await mkdir(join(tree, dirname(file)), { recursive: true })
    await writeFile(join(tree, file), text)
    await chmod(join(tree, file), mode)
  }
  const out = join(folder, 'packages')
  await rm(out, { recursive: true, force: true })
  await mkdir(out)
  const file = join(out, `warder-agent_${version}_${architecture}.deb`)
  await must(['dpkg-deb', '--root-owner-group', '-Znone', '--build', tree, file])
  await rm(tree, { recursive: true })
  return out
}

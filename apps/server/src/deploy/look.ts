import { programVersion, compareVersions } from './versions.ts'
import { DeployError, shown, sudoError } from './problems.ts'

/** What a host says of itself, by the script below. */
export interface HostFacts {
  readonly uid: number
  readonly architecture: string
  readonly systemd: boolean
  readonly tools: boolean
  /** KiB free where programs and where temporary files go. */
  readonly freeKib: { readonly usr: number; readonly tmp: number }
  /** The version of our agent, or null. */
  readonly installed: string | null
  /** KiB that our agent and what it knows take. */
  readonly takenKib: number
  /** The server that its agent reports to, or null. */
  readonly server: string | null
  /** The name by which its agent goes, or null. */
  readonly node: string | null
}

/** Prints facts as `key=value`; changes nothing. Runs with root's rights. */
export const LOOK = [
  'echo uid=$(id -u)',
  'echo architecture=$(dpkg --print-architecture 2>/dev/null)',
  '[ -d /run/systemd/system ] && echo systemd=1',
  'command -v apt-get >/dev/null && command -v dpkg >/dev/null && echo tools=1',
  "echo usr=$(df -Pk /usr | awk 'NR == 2 { print $4 }')",
  "echo tmp=$(df -Pk /var/tmp | awk 'NR == 2 { print $4 }')",
  "echo installed=$(dpkg-query -W -f='${db:Status-Status} ${Version}' warder-agent 2>/dev/null | sed -n 's/^installed //p')",
  "echo taken=$(du -sk /usr/lib/warder-agent /var/lib/warder-agent 2>/dev/null | awk '{ sum += $1 } END { print sum }')",
  `echo server=$(sed -n 's/^[[:space:]]*server[[:space:]]*=[[:space:]]*"\\([^"]*\\)".*/\\1/p' /etc/warder/agent.toml 2>/dev/null | head -n 1)`,
  `echo node=$(timeout 10 warder status --json 2>/dev/null </dev/null | grep -o '"node":[[:space:]]*"[^"]*"' | head -n 1 | cut -d '"' -f 4)`,
].join('; ')

/** What the script printed → facts. What is missing counts as not there. */
export function factsIn(text: string): HostFacts {
  const values = new Map(
    text.split('\n').flatMap((line) => {
      const found = /^(\w+)=(.*)$/.exec(line.trim())
      return found?.[1] === undefined ? [] : [[found[1], (found[2] ?? '').trim()] as const]
    }),
  )
  const numberOf = (key: string): number => Number.parseInt(values.get(key) ?? '', 10) || 0
  const uid = values.get('uid') ?? ''
  return {
    uid: /^\d+$/.test(uid) ? Number(uid) : -1,
    architecture: values.get('architecture') ?? '',
    systemd: values.get('systemd') === '1',
    tools: values.get('tools') === '1',
    freeKib: { usr: numberOf('usr'), tmp: numberOf('tmp') },
    installed: values.get('installed') || null,
    takenKib: numberOf('taken'),
    server: values.get('server') || null,
    node: values.get('node') || null,
  }
}

/** The package that would be put there. */
export interface Offered {
  readonly version: string
  readonly architecture: string
  readonly bytes: number
}

/** An unpacked package takes about three times its own room. */
const UNPACKED = 3.5
const SPARE_KIB = 50_000

/** @throws DeployError when the script did not run with root's rights; `output`: what came instead */
export function demandRoot(facts: HostFacts, output: string): void {
  if (facts.uid !== 0) throw facts.uid > 0 ? new DeployError('sudo-denied') : sudoError(output)
}

/** Why the agent cannot be put on a host that has no node of ours yet; null when it can. */
export function whyNotInstall(facts: HostFacts, offered: Offered): DeployError | null {
  const why = whyNotHost(facts, offered)
  if (why !== null) return why
  if (facts.server !== null)
    return new DeployError('already-added', `The host reports to ${shown(facts.server)} already.`)
  if (facts.installed !== null && compareVersions(facts.installed, offered.version) > 0)
    return newer(facts.installed, offered)
  return whyNoRoom(facts, offered)
}

/** Why the agent of a node cannot be upgraded; null when it can. */
export function whyNotUpgrade(
  facts: HostFacts,
  offered: Offered,
  node: string | undefined,
): DeployError | null {
  const why = whyNotHost(facts, offered) ?? whyNotNode(facts, node)
  if (why !== null || facts.installed === null) return why
  const order = compareVersions(facts.installed, offered.version)
  if (order === 0)
    return new DeployError('up-to-date', `The host has version ${shown(facts.installed)} already.`)
  return order > 0 ? newer(facts.installed, offered) : whyNoRoom(facts, offered)
}

/** Why the agent cannot be taken from a host; null when it can. */
export const whyNotRemove = (facts: HostFacts, node: string | undefined): DeployError | null =>
  facts.tools ? whyNotNode(facts, node) : new DeployError('not-debian')

function whyNotHost(facts: HostFacts, { architecture }: Offered): DeployError | null {
  if (!facts.tools) return new DeployError('not-debian')
  if (!facts.systemd) return new DeployError('no-systemd')
  if (facts.architecture !== architecture)
    return new DeployError(
      'architecture',
      `The host is of architecture ${shown(facts.architecture)}, the package here is for ${architecture}.`,
    )
  return null
}

function whyNotNode(facts: HostFacts, node: string | undefined): DeployError | null {
  if (facts.installed === null) return new DeployError('not-installed')
  // An agent that does not run cannot say who it is; then the one who asks is believed.
  if (node === undefined || facts.node === null || facts.node === node) return null
  return new DeployError('not-this-node', `The host is node ${shown(facts.node)}, not ${node}.`)
}

const newer = (installed: string, { version }: Offered): DeployError =>
  new DeployError(
    'newer-installed',
    `The host has version ${shown(installed)}, which is newer than ${programVersion(version)} of this server.`,
  )

function whyNoRoom(facts: HostFacts, { bytes }: Offered): DeployError | null {
  const kib = bytes / 1_024
  const kept = facts.installed === null ? 0 : facts.takenKib
  const [usr, tmp] = [Math.ceil(kib * UNPACKED) + SPARE_KIB, Math.ceil(kib) + 2 * kept + SPARE_KIB]
  const mb = (size: number): string => `${Math.ceil(size / 1_024)} MB`
  if (facts.freeKib.usr < usr)
    return new DeployError(
      'disk-full',
      `The host has ${mb(facts.freeKib.usr)} free for programs (/usr) and needs ${mb(usr)}.`,
    )
  if (facts.freeKib.tmp < tmp)
    return new DeployError(
      'disk-full',
      `The host has ${mb(facts.freeKib.tmp)} free in /var/tmp and needs ${mb(tmp)}.`,
    )
  return null
}

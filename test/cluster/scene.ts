import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Visitor } from '../lab/attacker.ts'
import { must, until } from '../lab/command.ts'
import { Lab, type BootedNode } from './booted.ts'

export const SUITES = ['trixie', 'trixie', 'trixie', 'bookworm'] as const

/** The dashboard's API as an operator uses it, from outside. */
export class Operator {
  readonly #lab: Lab
  readonly #url: string
  readonly #jar: string

  constructor(lab: Lab, url: string) {
    this.#lab = lab
    this.#url = url
    this.#jar = join(lab.folder, 'cookies')
  }

  async claim(code: string): Promise<void> {
    await this.post('claim', { code, name: 'ada', password: 'correct horse battery' })
  }

  post(path: string, body: unknown): Promise<unknown> {
    return this.#curl(['-H', 'content-type: application/json', '-d', JSON.stringify(body)], path)
  }

  get(path: string): Promise<unknown> {
    return this.#curl([], path)
  }

  async #curl(args: readonly string[], path: string): Promise<unknown> {
    const place = `${this.#url}/api/v1/${path}`
    const command = ['curl', '-sSk', '--fail-with-body', '--max-time', '40', '-b', this.#jar, '-c', this.#jar]
    const text = await must(this.#lab.outside.on([...command, '-H', `origin: ${this.#url}`, ...args, place]))
    return text === '' ? null : JSON.parse(text)
  }
}

/** Makes Proxmox's list of members as pmxcfs shows it, for root and www-data alone: each node says that it is one of them. */
export async function asCluster(nodes: readonly BootedNode[], name: string): Promise<void> {
  const nodelist = Object.fromEntries(
    nodes.map((node, at) => [node.name, { id: at + 1, online: 1, ip: node.address }]),
  )
  const cluster = { name, version: 3, nodes: nodes.length, quorate: 1 }
  for (const node of nodes) {
    const members = JSON.stringify({ nodename: node.name, version: 4, cluster, nodelist })
    await node.shell(
      `mkdir -p /etc/pve; printf '%s' '${members}' >/etc/pve/.members; chown -R root:www-data /etc/pve; chmod 750 /etc/pve; chmod 440 /etc/pve/.members`,
    )
  }
}

/** Whether the kernel of a node holds a ban, as its own nft lists it. */
export async function holds(node: BootedNode, ip: string): Promise<boolean> {
  return (await node.run('nft', 'list', 'table', 'inet', 'warder')).stdout.includes(ip)
}

/** Real failed logins from an address, until the node's kernel holds it. */
export async function attack(lab: Lab, node: BootedNode, ip: string): Promise<void> {
  const visitor = await Visitor.on(lab.outside, lab.folder)
  await visitor.failLogins(node.address, ip, 6)
  await until(`a ban of ${ip} in the kernel of ${node.name}`, () => holds(node, ip), 60_000)
}

/** Places that change by themselves, or record that something was installed at all. */
const ITS_OWN =
  /^\/(proc|sys|dev|run|tmp|root|var\/(log\/(journal|private|dpkg\.log|apt|btmp|wtmp|lastlog)|cache|lib\/(dpkg|apt|systemd\/(random-seed|timers|timesync|rfkill|coredump|catalog))|tmp))(\/|$)|^\/etc\/((passwd|group|shadow|gshadow|subuid|subgid)-|\.pwd\.lock|\.updated|ld\.so\.cache|machine-id|mtab)$|^\/var\/\.updated$/

/** Every file of a node with its owner and mode, with a digest where it is a setting. */
export async function inventory(node: BootedNode): Promise<readonly string[]> {
  const list = await node.shell(`find / -xdev -not -path '/proc/*' -printf '%p %M %U:%G %l\\n'`)
  const settings = await node.shell('find /etc -type f -exec sha256sum {} +')
  return [
    ...list.split('\n'),
    ...settings.split('\n').map((line) => line.split(/\s+/).toReversed().join(' ')),
  ]
    .filter((line) => line.trim() !== '' && !ITS_OWN.test(line.split(' ')[0] ?? ''))
    .toSorted()
}

/** All that the firewall holds, without counters. */
export const ruleset = async (node: BootedNode): Promise<string> =>
  (await node.must('nft', '-s', 'list', 'ruleset')).trim()

/** Says what is in one list and not in the other. */
export function difference(before: readonly string[], after: readonly string[]): readonly string[] {
  const [old, now] = [new Set(before), new Set(after)]
  return [
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
    ...before.filter((line) => !now.has(line)).map((line) => `- ${line}`),
  ]
}

/** What a node is before anything of ours was on it. */
export interface Untouched {
  readonly files: readonly string[]
  readonly rules: string
}

export const untouched = async (node: BootedNode): Promise<Untouched> => ({
  files: await inventory(node),
  rules: await ruleset(node),
})

/** What is left of ours on a node: nothing is `[]`. */
export async function leftOn(node: BootedNode, before: Untouched | undefined): Promise<readonly string[]> {
  const now = await untouched(node)
  const units = (await node.run('systemctl', 'list-unit-files', '--no-legend', 'warder*')).stdout
  const user = (await node.run('getent', 'passwd', 'warder')).stdout
  return [
    ...difference(before?.files ?? [], now.files),
    ...difference(before?.rules.split('\n') ?? [], now.rules.split('\n')),
    ...[units, user].filter(Boolean),
  ]
}

/** What makes the journal of a node deaf to failed logins. */
export const LOWERED = '/etc/systemd/journald.conf.d/lowered.conf'

/** Makes it so, as scripts do that run after an installation of Proxmox. */
export async function deafen(node: BootedNode): Promise<void> {
  await node.shell(
    `mkdir -p /etc/systemd/journald.conf.d; printf '[Journal]\\nMaxLevelStore=warning\\n' >${LOWERED}`,
  )
  await node.shell('systemctl restart systemd-journald')
}

/** What the journal of a node stores at most, as its configuration says. */
export const levelOf = async (node: BootedNode): Promise<string | undefined> =>
  (await node.must('systemd-analyze', 'cat-config', '--no-pager', 'systemd/journald.conf'))
    .match(/^MaxLevelStore=\w+$/gm)
    ?.at(-1)

/** Lets root of all nodes in with a password, and with a key → that key. */
export async function letIn(nodes: readonly BootedNode[], folder: string, password: string): Promise<string> {
  const file = join(folder, 'key')
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', file])
  for (const node of nodes) {
    await node.must('mkdir', '-p', '-m', '700', '/root/.ssh')
    await node.put(`${file}.pub`, '/root/.ssh/authorized_keys')
    await node.shell(`echo 'root:${password}' | chpasswd`)
  }
  return readFile(file, 'utf8')
}

/** Looks at the kernel of a node as long as work goes on → how often, and how often it did not hold the address. */
export async function watched(
  node: BootedNode,
  ip: string,
  work: () => Promise<void>,
): Promise<{ readonly looks: number; readonly gone: number }> {
  const line = `i=0; gone=0; while [ ! -e /root/enough ]; do nft list table inet warder | grep -q ${ip} || gone=$((gone+1)); i=$((i+1)); done; echo $i $gone`
  const watching = node.shell(line)
  await work().finally(() => node.must('touch', '/root/enough'))
  const [looks = 0, gone = 0] = (await watching).trim().split(' ').map(Number)
  return { looks, gone }
}

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

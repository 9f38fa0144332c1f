import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { keysIn, knownName, standing, type KnownKey } from './known-hosts.ts'
import { membersIn, type Members } from './members.ts'
import { shown } from './problems.ts'

/** What the machine that the server runs on knows of others. */
export interface HostFiles {
  /** The cluster that it is part of, or a sentence that says why none is known. */
  readonly members: () => Promise<Members | string>
  /** What its files of known hosts say to the key of a host. */
  readonly known: (
    target: { readonly host: string; readonly port: number },
    key: KnownKey,
  ) => Promise<{ known: 'same' | 'other' | 'unknown'; knownFrom: string | null }>
}

/** Reads them where the machine has them: the cluster's below `pve`, ssh's own below `ssh` and in the home of the user. */
export function makeHostFiles(
  pve = '/etc/pve',
  others: readonly string[] = ['/etc/ssh/ssh_known_hosts', join(homedir(), '.ssh', 'known_hosts')],
): HostFiles {
  const members = async (): Promise<Members | string> => {
    const file = join(pve, '.members')
    try {
      return membersIn(await readFile(file, 'utf8')) ?? `${file} is not what Proxmox writes.`
    } catch (err) {
      const code = err instanceof Error && 'code' in err ? err.code : null
      if (code === 'ENOENT' || code === 'ENOTDIR') return 'This server does not run on a node of Proxmox.'
      return `${file} cannot be read (${shown(String(code))}). The user of the server must be in the group www-data.`
    }
  }
  /** Each node of Proxmox is known by its name in a file of its own: its address is among the members. */
  const files = async (host: string): Promise<readonly { file: string; names: readonly string[] }[]> => {
    const found = await members()
    const alike =
      typeof found === 'string'
        ? []
        : found.members.filter((one) => one.address === host || one.name === host)
    const aliases = alike.map(({ name }) => name.toLowerCase())
    const nodes = await readdir(join(pve, 'nodes')).catch((): string[] => [])
    return [
      ...aliases
        .filter((name) => nodes.includes(name))
        .map((name) => ({ file: join(pve, 'nodes', name, 'ssh_known_hosts'), names: [name] })),
      ...[join(pve, 'priv', 'known_hosts'), ...others].map((file) => ({ file, names: aliases })),
    ]
  }
  return {
    members,
    async known({ host, port }, key) {
      let other: string | null = null
      for (const { file, names } of await files(host)) {
        const text = await readFile(file, 'utf8').catch(() => '')
        // A node's alias is about its usual port.
        const all = [knownName(host, port), ...(port === 22 ? names : [])]
        const known = standing(key, keysIn(text, all))
        if (known === 'same') return { known, knownFrom: file }
        if (known === 'other') other ??= file
      }
      return other === null ? { known: 'unknown', knownFrom: null } : { known: 'other', knownFrom: other }
    },
  }
}
